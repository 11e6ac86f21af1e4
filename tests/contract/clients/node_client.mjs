// A client on Node's fetch, and the loop that answers a contract test over stdin and stdout, one JSON object a line.
import readline from "node:readline";
import process from "node:process";

const CATEGORIES = {
  1000: "server", 1001: "timeout", 1002: "rate_limit", 1004: "auth", 1008: "balance", 1013: "server", 1024: "server",
  1026: "content", 1027: "content", 1028: "balance", 1030: "balance", 1033: "server", 1039: "rate_limit",
  1041: "rate_limit", 1042: "invalid_request", 2013: "invalid_request", 2038: "auth", 2045: "rate_limit",
  2049: "auth", 2056: "balance", 2061: "invalid_request",
};
const RETRYABLE = new Set([1000, 1001, 1002, 1013, 1024, 1033, 1039, 2045]);
const BY_STATUS = { 401: "auth", 403: "auth", 408: "timeout", 429: "rate_limit" };

class ClientError extends Error {
  constructor(message, { category = null, code = null, retryable = null } = {}) {
    super(message);
    Object.assign(this, { category, code, retryable });
  }
}

// Seeds have 64 bits and a number of JavaScript 53: whole numbers of 16 digits and more pass through as texts.
const LARGE = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;
const parse = (text) => JSON.parse(text.replace(LARGE, (it) => (it[0] === '"' ? it : `{"$int":"${it}"}`)));
const stringify = (value) => JSON.stringify(value).replace(/\{"\$int":"(-?\d+)"\}/g, "$1");

function refusal(status, said) {
  const { status_code: code, status_msg: message } = said?.base_resp ?? {};
  if (Number.isInteger(code) && code !== 0) {
    if (code === 1000 && String(message).startsWith("disallowed image url")) {
      return new ClientError(message, { code, category: "invalid_request", retryable: false });
    }
    return new ClientError(message || "no message", {
      code, category: CATEGORIES[code] ?? "server", retryable: RETRYABLE.has(code),
    });
  }
  if (status !== 200) {
    const category = BY_STATUS[status] ?? (status >= 500 ? "server" : status >= 400 ? "invalid_request" : "protocol");
    return new ClientError(`HTTP status ${status}`, { category, retryable: status === 429 || status >= 500 });
  }
  if (code !== 0) return new ClientError("the service did not answer in its own format", { category: "protocol" });
  return null;
}

function isImage(bytes) {
  const head = bytes.subarray(0, 4).toString("latin1");
  return head.startsWith("\xff\xd8\xff") || head === "\x89PNG" || head === "RIFF" || head === "GIF8";
}

async function send(url, timeout, options) {
  try {
    const reply = await fetch(url, { redirect: "error", ...options });
    return { status: reply.status, bytes: Buffer.from(await reply.arrayBuffer()) };
  } catch (error) {
    if (error.name === "TimeoutError") throw new ClientError(`no answer within ${timeout} s`, { category: "timeout" });
    throw new ClientError(`no answer: ${error.cause?.message ?? error.message}`, { category: "network" });
  }
}

async function download(url, timeout, signal) {
  const { status, bytes } = await send(url, timeout, { signal });
  if (status !== 200) throw new ClientError(`image host: HTTP status ${status}`, { category: "download" });
  if (!isImage(bytes)) throw new ClientError("what came is not an image", { category: "download" });
  return bytes;
}

function decoded(text) {
  const bytes = Buffer.from(text, "base64");  // skips what is no base64, hence the comparison
  if (bytes.toString("base64") !== text) throw new ClientError("no valid base64", { category: "protocol" });
  if (!isImage(bytes)) throw new ClientError("what came is not an image", { category: "protocol" });
  return bytes;
}

async function generate({ base_url: base, api_key: key, timeout, request }) {
  const signal = AbortSignal.timeout(Math.ceil(timeout * 1000));  // one for everything: it ends trickles too
  const { status, bytes } = await send(`${base.replace(/\/$/, "")}/v1/image_generation`, timeout, {
    method: "POST",
    signal,
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    body: stringify(request),
  });
  let said = null;
  try {
    said = JSON.parse(bytes.toString("utf8"));
  } catch { /* refusal() says so */ }
  const refused = refusal(status, said);
  if (refused) throw refused;
  const base64 = request.response_format === "base64";
  const items = (base64 ? said.data?.image_base64 : said.data?.image_urls) ?? [];
  if (!Array.isArray(items) || items.some((item) => typeof item !== "string")) {
    throw new ClientError("data holds no list of texts", { category: "protocol" });
  }
  if (!items.length) {
    throw new ClientError("content safety blocked every image", { category: "content", retryable: false });
  }
  const images = base64
    ? items.map(decoded)
    : await Promise.all(items.map((url) => download(url, timeout, signal)));
  return { images, failed: Math.max((request.n ?? 1) - items.length, 0) };
}

async function answer(line) {
  const { id, op, ...asked } = parse(line);
  if (op === "hello") return { id, name: "node-client", version: "1.0.0", unsupported: [], describes: true };
  if (op !== "generate") throw new Error(`unknown op ${op}`);
  try {
    const { images, failed } = await generate(asked);
    return { id, images: images.map((image) => ({ base64: image.toString("base64") })), failed };
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    const { code, category, message, retryable } = error;
    return { id, error: { code, category, message, retryable } };
  }
}

const pending = new Set();
for await (const line of readline.createInterface({ input: process.stdin })) {
  if (JSON.parse(line).op === "stop") break;
  const answered = answer(line).then((said) => {
    process.stdout.write(`${JSON.stringify(said)}\n`);
    pending.delete(answered);
  });
  pending.add(answered);
}
await Promise.all(pending);
process.exit(0);
