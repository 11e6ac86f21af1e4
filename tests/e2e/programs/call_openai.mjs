// Call the `openai` package as published: {"call": "images.generate", "with": {...}} → one line of JSON.
import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.cwd()}/package.json`);
const { default: OpenAI } = await import(pathToFileURL(require.resolve("openai")).href);

const asked = JSON.parse(process.argv[2]);
const options = { ...(asked.with ?? {}) };
const extra = options.extra_body ?? {};
delete options.extra_body;
if (options.image) options.image = createReadStream(options.image);
const [group, method] = asked.call.split(".");
const client = new OpenAI();
const call = client[group][method].bind(client[group]);
try {
  const positional = asked.positional ?? [];
  const answer = await (positional.length ? call(...positional) : call({ ...options, ...extra }));
  const ok = asked.call === "models.list" ? { data: answer.data } : answer;
  console.log(JSON.stringify({ ok, request_id: answer._request_id }));
} catch (error) {
  if (!(error instanceof OpenAI.APIError)) throw error;
  const { status, code, type, param, message, requestID } = error;
  const name = error.constructor.name;
  console.log(JSON.stringify({ class: name, status_code: status, code, type, param, message, request_id: requestID }));
}
