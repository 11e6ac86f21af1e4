// @fal-ai/client behind the stdio protocol. The first argument is a folder from which it is found.
//
// Each call is a subscription that is given up after the timeout; fal's hosts are reached by the option proxyUrl.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const { createFalClient, ApiError } = require("@fal-ai/client");
const { version } = require(join(require.resolve("@fal-ai/client"), "..", "..", "package.json"));

const TEXT = "fal-ai/minimax/image-01";
const SUBJECT = "fal-ai/minimax/image-01/subject-reference";
const NAMES = { prompt: "prompt", aspect_ratio: "aspect_ratio", n: "num_images", prompt_optimizer: "prompt_optimizer" };
const UNSUPPORTED = ["model", "width", "height", "seed", "response_format", "style", "aigc_watermark"];
const CATEGORIES = { 401: "auth", 403: "auth", 429: "rate_limit", 504: "timeout" };
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function generate({ base_url, api_key, timeout, request }) {
  const client = createFalClient({ credentials: api_key, proxyUrl: { url: `${base_url}/proxy`, when: "always" } });
  const named = Object.entries(request).filter(([name]) => name in NAMES);
  const input = Object.fromEntries(named.map(([name, value]) => [NAMES[name], value]));
  const references = request.subject_reference;
  if (references) input.image_url = references[0].image_file;
  const milliseconds = timeout * 1000;
  const answer = await client.subscribe(references ? SUBJECT : TEXT, {
    input,
    timeout: milliseconds,
    abortSignal: AbortSignal.timeout(milliseconds),
  });
  return { images: answer.data.images.map(({ url }) => ({ url })) };
}

function described(error) {
  const said = { kind: error.constructor.name, message: error.message };
  if (error instanceof ApiError) {
    const detail = JSON.stringify(error.body?.detail ?? null);
    return { ...said, own: true, code: error.status, message: `${error.message}: ${detail}`, category: category(error, detail) };
  }
  if (error.name === "TimeoutError" || /timed out/.test(error.message)) return { ...said, category: "timeout" };
  return /fetch failed/.test(error.message) ? { ...said, own: false, category: "network" } : { ...said, own: false };
}

function category({ status }, detail) {
  if (detail.includes("content_policy_violation")) return "content";
  if (detail.includes("Exhausted balance")) return "balance";
  return CATEGORIES[status] ?? (status >= 500 ? "server" : "invalid_request");
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.op === "stop") process.exit(0);
  if (asked.op === "hello") {
    say({ id: asked.id, name: "@fal-ai/client", version, unsupported: UNSUPPORTED, describes: true });
  } else {
    generate(asked).then(
      (told) => say({ id: asked.id, ...told }),
      (error) => say({ id: asked.id, error: described(error) }),
    );
  }
}
