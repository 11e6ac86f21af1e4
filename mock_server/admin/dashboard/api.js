// Calls of the admin API, and the account that they are about.

import { parsed } from "./json.js";

export const ROOT = new URL("..", import.meta.url).pathname; // "/_mock/", wherever that is

/** The answer of a call; `raw` is a body that is JSON already. Throws an Error with what the emulator says is wrong. */
export async function call(method, path, { account = "", body, raw, query = {}, key = "" } = {}) {
  const url = new URL(ROOT + path, location.origin);
  for (const [name, value] of Object.entries({ ...query, account })) {
    if (value !== "" && value !== null && value !== undefined) url.searchParams.set(name, value);
  }
  const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
  const headers = sent === undefined ? {} : { "Content-Type": "application/json" };
  if (key) headers.Authorization = `Bearer ${key}`;
  const answer = await fetch(url, { method, headers, body: sent });
  const content = await answer.text().then(parsed).catch(() => ({ error: `HTTP ${answer.status} without JSON` }));
  if (!answer.ok) throw new Error(content.error ?? `HTTP ${answer.status}`);
  return content;
}

const known = new Map();

/** An answer that does not change while the emulator runs, asked for once. */
export function fact(path) {
  if (!known.has(path)) {
    known.set(path, call("GET", path).catch((error) => { known.delete(path); throw error; }));
  }
  return known.get(path);
}

/** Where the picture of an exchange's image is. */
export function pictureUrl(id, index, size = "full") {
  return `${ROOT}journal/${encodeURIComponent(id)}/images/${index}${size === "small" ? "?size=small" : ""}`;
}
