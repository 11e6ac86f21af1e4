// Compose a request in any face, send it, see the picture and the exact exchange.

import { call, fact } from "./api.js";
import { button, h, put, say } from "./dom.js";
import { exchangeView, snippet } from "./exchange.js";
import { resolved, schemaForm } from "./form.js";
import { written } from "./json.js";
import { curl, javascript, python } from "./snippets.js";

const FACES = [
  { name: "minimax", title: "MiniMax", contract: "minimax", path: "/v1/image_generation", scheme: "Bearer", start: { model: "image-01" } },
  { name: "fal", title: "fal, text to image", contract: "fal", path: "/fal-ai/minimax/image-01", under: "/fal/run", scheme: "Key", start: {} },
  { name: "fal-subject", title: "fal, subject reference", contract: "fal", path: "/fal-ai/minimax/image-01/subject-reference", under: "/fal/run", scheme: "Key", start: {} },
  { name: "openai", title: "OpenAI-compatible", contract: "openai", path: "/v1/images/generations", under: "/openai", scheme: "Bearer", start: { model: "minimax/image-01" } },
];
const PROMPT = "a lighthouse at dawn";

export function playgroundPage(page, { scope, store }) {
  const faces = h("select", { id: "face" }, FACES.map(({ name, title }) => h("option", { value: name }, title)));
  const key = h("input", { id: "key", type: "text", autocomplete: "off", spellcheck: "false" });
  key.value = "sk-api-playground";
  const place = h("div", {});
  const body = h("textarea", { id: "body", rows: 8, spellcheck: "false", class: "code" });
  const again = h("div", {});
  const result = h("div", { class: "result" });
  let form = null;

  const face = () => FACES.find(({ name }) => name === faces.value);
  const address = () => `${location.origin}${face().under ?? ""}${face().path}`;
  const request = () => ({
    method: "POST",
    url: address(),
    headers: [["authorization", `${face().scheme} ${key.value}`], ["content-type", "application/json"]],
    body: body.value,
    base64: "",
  });

  function snippets() {
    put(again, snippet("curl", curl(request())), snippet("Python", python(request())), snippet("JavaScript", javascript(request())));
  }

  function compose() {
    body.value = written(form.value());
    snippets();
  }

  async function choose() {
    const chosen = face();
    const document = await fact(`contract/${chosen.contract}.json`);
    if (chosen !== face()) return;
    const before = form?.value() ?? {};
    const { schema } = document.paths[chosen.path].post.requestBody.content["application/json"];
    form = schemaForm(resolved(schema, document), { root: document, changed: compose, initial: { ...chosen.start, prompt: before.prompt ?? PROMPT } });
    put(place, form.element);
    compose();
  }

  async function send() {
    const mark = crypto.getRandomValues(new Uint32Array(4)).join("-");
    const since = store.all.at(-1)?.id ?? "0";
    const { method, url, headers, body: text } = request();
    const answer = await fetch(url, { method, headers: { ...Object.fromEntries(headers), "X-Playground": mark }, body: text }).catch(() => null);
    await answer?.arrayBuffer().catch(() => null); // it may be cut off on purpose; the journal tells
    const sent = await exchangesOf(mark, since);
    const found = sent.at(-1);
    if (!found) throw new Error("the journal does not have it: it may have made room, or the emulator has stopped");
    put(result, h("h2", { tabindex: -1 }, "Exchange ", h("a", { href: `#journal/${found}` }, found)),
      sent.length > 1 && h("p", { class: "note" }, `Sent ${sent.length} times: a browser repeats a request whose connection broke. The last is shown.`), await exchangeView(found, scope, key.value));
    result.firstChild.focus();
    say(answer ? `answered with HTTP ${answer.status}` : "no answer came", answer ? "good" : "bad");
    scope.refresh();
  }

  /** The ids of the exchanges that carry `mark`; what is written when the client is gone may be a moment late. */
  async function exchangesOf(mark, since) {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const { exchanges } = await call("GET", "journal", { key: key.value, query: { since: Math.max(0, since - 50) } });
      const found = exchanges.filter((item) => item.request.headers.some(([name, value]) => name === "x-playground" && value === mark));
      if (found.length) return found.map(({ id }) => id);
      await new Promise((done) => { setTimeout(done, 100); });
    }
    return [];
  }

  faces.addEventListener("change", () => choose().catch((error) => say(error.message, "bad")));
  key.addEventListener("input", snippets);
  body.addEventListener("input", snippets);
  page.append(h("div", { class: "play" },
    h("section", { "aria-label": "Request" },
      h("div", { class: "field" }, h("label", { for: "face" }, "Face"), faces),
      h("div", { class: "field" }, h("label", { for: "key" }, "Key"), key, h("small", {}, "Any key is an account; one with mock-NAME in it loads scenario NAME.")),
      place,
      h("div", { class: "field" }, h("label", { for: "body" }, "Body"), body, h("small", {}, "Follows the fields; what is written here is what is sent.")),
      h("div", { class: "buttons" }, button("Send", send, { class: "primary" })),
      h("h2", {}, "As code"), again),
    h("section", { "aria-label": "Answer" }, result)));
  put(result, h("p", { class: "empty" }, "The picture and the exchange appear here."));
  return {
    shown() {
      if (!form) choose().catch((error) => say(error.message, "bad"));
    },
  };
}
