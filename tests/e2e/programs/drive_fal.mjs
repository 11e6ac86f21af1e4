// Drives @fal-ai/client: a call per line of standard input, what came of it per line of standard output.
//
// A call: {"key", "do": a method such as "run" or "queue.submit", "args", "way": "proxy" or "middleware", "watch"?: true
// to note the updates}. {"base64", "type", "name"} in args becomes a File; with "claims" it says it had that many bytes.
// The client's own pauses are shortened to a fiftieth; how long they should have been is told as "pauses".
import { createInterface } from "node:readline";
import { createFalClient } from "@fal-ai/client";

const url = process.env.FAL_EMULATOR;
const HOSTS = { "fal.run": "run", "queue.fal.run": "queue", "rest.fal.ai": "rest" };
let pauses = [];
const setRealTimeout = globalThis.setTimeout;
globalThis.setTimeout = (act, milliseconds, ...rest) => {
  if (!new Error().stack.includes("@fal-ai")) return setRealTimeout(act, milliseconds, ...rest);
  pauses.push(milliseconds);
  return setRealTimeout(act, milliseconds / 50, ...rest);
};

class Large extends File {
  constructor(data, name, options, claims) {
    super([data], name, options);
    this.claims = claims;
  }

  get size() {
    return this.claims ?? super.size;
  }

  slice(start, end) {
    const scale = super.size / this.claims;
    return super.slice(Math.round(start * scale), Math.round(end * scale));
  }
}

const ways = {
  proxy: () => ({ proxyUrl: { url: `${url}/fal/proxy`, when: "always" } }),
  middleware: () => ({
    requestMiddleware: async (request) => {
      const target = new URL(request.url);
      return { ...request, url: `${url}/fal/${HOSTS[target.host]}${target.pathname}${target.search}` };
    },
  }),
};

function filed(value) {
  if (Array.isArray(value)) return value.map(filed);
  if (value === null || typeof value !== "object") return value;
  if ("base64" in value) {
    const data = Buffer.from(value.base64, "base64");
    const options = { type: value.type };
    return value.claims ? new Large(data, value.name, options, value.claims) : new File([data], value.name, options);
  }
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, filed(inner)]));
}

async function done(call, updates) {
  const client = createFalClient({ credentials: call.key, ...ways[call.way ?? "proxy"]() });
  const steps = call.do.split(".");
  const name = steps.pop();
  const owner = steps.reduce((object, step) => object[step], client);
  const args = filed(call.args);
  if (call.watch) args.at(-1).onQueueUpdate = (update) => updates.push(structuredClone(update));
  const value = await owner[name](...args);
  return name === "stream" ? value.done() : value;
}

for await (const line of createInterface({ input: process.stdin })) {
  const call = JSON.parse(line);
  const updates = [];
  pauses = [];
  let answer;
  try {
    answer = { value: await done(call, updates) };
  } catch (error) {
    const { name, message, status, body, requestId, timeoutType, fieldErrors } = error;
    answer = { error: { name, message, status, body, requestId, timeoutType, fieldErrors } };
  }
  process.stdout.write(`${JSON.stringify({ ...answer, updates, pauses })}\n`);
}
