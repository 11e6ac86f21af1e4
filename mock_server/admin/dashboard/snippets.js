// Requests as lines to paste: curl, Python, JavaScript.

const OF_CLIENTS = new Set([
  "host", "content-length", "connection", "accept", "accept-encoding", "accept-language", "user-agent", "transfer-encoding",
  "origin", "referer", "cookie", "priority", "dnt", "x-playground", "cache-control", "pragma",
]);
const HIDDEN = /<key [^<>]*>|<redacted>/;
const ALL_HIDDEN = new RegExp(HIDDEN, "g");
const NOT_KEPT = /base64,<\d+ characters, sha256 |<cut: \d+ bytes in all, /;
const KEY = "MINIMAX_MOCK_KEY";

/** What was sent, without what clients add by themselves; with the key in its place, where it is known. */
export function requestOf(exchange, origin, key = "") {
  const keyed = (text) => (key ? text.replace(ALL_HIDDEN, () => key) : text);
  const headers = exchange.request.headers
    .map(([name, value = ""]) => [name.toLowerCase(), value])
    .filter(([name]) => !OF_CLIENTS.has(name) && !name.startsWith("sec-"))
    .map(([name, value]) => [name, name === "authorization" && value === "<redacted>" ? "Bearer <redacted>" : value])
    .map(([name, value]) => [name, keyed(value)]);
  const { body = "", body_base64: base64 = "" } = exchange.request;
  return { method: exchange.method, url: origin + keyed(exchange.path), headers, body, base64 };
}

/** What to know before repeating it. */
export function notes(request, account) {
  const found = [];
  if (hidden(request)) found.push(`${KEY} must be the key of ${account || "the account"}: the journal has no keys.`);
  if (NOT_KEPT.test(request.body)) found.push("The journal keeps images, and bodies over 256 KiB, as size and digest: put the real ones in.");
  return found;
}

const hidden = ({ url, headers }) => HIDDEN.test(url) || headers.some(([, value]) => HIDDEN.test(value));

export function curl({ method, url, headers, body, base64 }) {
  const words = ["curl", "-i"];
  const payload = body !== "" || base64 !== "";
  if (method === "HEAD") words.push("-I");
  else if (method !== (payload ? "POST" : "GET")) words.push("-X", shell(method));
  words.push(shell(url));
  for (const [name, value] of headers) words.push("-H", shell(`${name}: ${value}`));
  if (base64) return `printf %s ${shell(base64)} | base64 -d | ${words.join(" ")} --data-binary @-`;
  if (body) words.push("--data-binary", shell(body));
  return words.join(" ");
}

function shell(text) {
  const parts = text.split(ALL_HIDDEN).map((part) => (part ? quoted(part) : ""));
  return parts.join(`"$${KEY}"`) || "''";
}

const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'"'"'`)}'`);

export function python({ method, url, headers, body, base64 }) {
  const words = [JSON.stringify(method), literal(url, python.key)];
  if (headers.length) words.push(`headers={${headers.map(([name, value]) => `${JSON.stringify(name)}: ${literal(value, python.key)}`).join(", ")}}`);
  if (base64) words.push(`content=base64.b64decode(${JSON.stringify(base64)})`);
  else if (body) words.push(`content=${JSON.stringify(body)}.encode()`);
  const modules = [base64 && "base64", hidden({ url, headers }) && "os", "httpx"].filter(Boolean);
  return `import ${modules.join(", ")}; print(httpx.request(${words.join(", ")}, timeout=60).text)`;
}
python.key = `os.environ["${KEY}"]`;

export function javascript({ method, url, headers, body, base64 }) {
  const key = `process.env.${KEY}`;
  const parts = [`method: ${JSON.stringify(method)}`];
  if (headers.length) parts.push(`headers: {${headers.map(([name, value]) => `${JSON.stringify(name)}: ${literal(value, key)}`).join(", ")}}`);
  if (base64) parts.push(`body: Buffer.from(${JSON.stringify(base64)}, "base64")`);
  else if (body) parts.push(`body: ${JSON.stringify(body)}`);
  return `console.log(await (await fetch(${literal(url, key)}, {${parts.join(", ")}})).text())`;
}

/** A string in either language, with the key where the journal has its label. JSON's strings are strings of both. */
function literal(text, key) {
  const parts = text.split(ALL_HIDDEN).map((part) => JSON.stringify(part));
  return parts.join(` + ${key} + `).replace(/ \+ ""$/, "").replace(/^"" \+ /, "");
}
