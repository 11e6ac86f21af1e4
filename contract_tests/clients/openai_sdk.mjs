// OpenAI's SDK for JavaScript behind the stdio protocol. The first argument is a folder from which `openai` is found.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { join } from "node:path";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

// The SDK has no field for a seed, and what it is given on top goes through JavaScript's numbers: 53 bits of 64.
const UNSUPPORTED = ["width", "height", "seed"];
const require = createRequire(join(process.argv[2], "package.json"));
const file = require.resolve("openai");
const { default: OpenAI } = await import(pathToFileURL(file).href);
const { version } = JSON.parse(readFileSync(join(file, "..", "package.json"), "utf8"));

const MODELS = { "image-01": "minimax/minimax-image-01" };
const FORMATS = { base64: "b64_json" };
const CATEGORIES = { 401: "auth", 402: "balance", 403: "auth", 429: "rate_limit" };
const clients = new Map();
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

function client({ base_url, api_key, timeout }) {
  const key = JSON.stringify([base_url, api_key, timeout]);
  if (!clients.has(key)) {
    clients.set(key, new OpenAI({ baseURL: base_url, apiKey: api_key, timeout: timeout * 1000 }));
  }
  return clients.get(key);
}

async function generate(asked) {
  const body = { ...asked.request, model: MODELS[asked.request.model] ?? asked.request.model };
  if (body.response_format) body.response_format = FORMATS[body.response_format] ?? body.response_format;
  const answer = await client(asked).images.generate(body);
  return { images: answer.data.map(imageOf) };
}

function imageOf(item) {
  if (item.b64_json) return { base64: checked(item.b64_json) };
  if (!item.url) throw new TypeError("the answer has an item without an image");
  return { url: item.url };
}

function checked(text) {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4) throw new TypeError("the image is no base64");
  return text;
}

function described(error) {
  const said = { kind: error.constructor.name, message: error.message, own: error instanceof OpenAI.OpenAIError };
  if (error instanceof OpenAI.APIConnectionTimeoutError) return { ...said, category: "timeout" };
  if (error instanceof OpenAI.APIConnectionError) return { ...said, category: "network" };
  if (!(error instanceof OpenAI.APIError)) return said;
  const usual = error.status >= 500 ? "server" : "invalid_request";
  const category = error.type === "content_policy_violation" ? "content" : CATEGORIES[error.status] ?? usual;
  return { ...said, code: error.status ?? null, category };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  if (asked.op === "stop") process.exit(0);
  if (asked.op === "hello") {
    say({ id: asked.id, name: "openai (JavaScript)", version, unsupported: UNSUPPORTED, describes: true });
  } else {
    generate(asked).then(
      (told) => say({ id: asked.id, ...told }),
      (error) => say({ id: asked.id, error: described(error) }),
    );
  }
}
