// A client in JavaScript, with nothing but what Node 20 has.
import { createInterface } from "node:readline";

const say = (answer) => console.log(JSON.stringify(answer));

async function generate({ base_url, api_key, timeout, request }) {
  const answer = await fetch(`${base_url}/v1/image_generation`, {
    method: "POST",
    headers: { Authorization: `Bearer ${api_key}`, "Content-Type": "application/json" },
    body: JSON.stringify({ ...request, response_format: "base64" }),
    signal: AbortSignal.timeout(timeout * 1000),
  });
  const body = await answer.json();
  if (body.base_resp.status_code !== 0) {
    return { error: { code: body.base_resp.status_code, message: body.base_resp.status_msg } };
  }
  return { images: body.data.image_base64.map((base64) => ({ base64 })) };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, op, ...call } = JSON.parse(line);
  if (op === "stop") break;
  if (op === "hello") say({ id, name: "client.mjs", version: "1", unsupported: ["response_format"], describes: true });
  else generate(call).then((answer) => say({ id, ...answer }), (error) => say({ id, error: { message: error.message } }));
}
