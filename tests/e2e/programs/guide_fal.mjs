import { fal } from "@fal-ai/client";

const result = await fal.subscribe("fal-ai/minimax/image-01/subject-reference", {
  input: {
    prompt: "A beautiful woman with a crown on her head.",
    image_url: "https://v3.fal.media/files/koala/hQwSnkWm8FDjou5SwLNuX_c223cf93-0036-4b18-bbea-bf6d0da7f210.png"
  },
  logs: true,
  onQueueUpdate: (update) => {
    if (update.status === "IN_PROGRESS") {
      update.logs.map((log) => log.message).forEach(console.log);
    }
  },
});
console.log(result.data);
console.log(result.requestId);
