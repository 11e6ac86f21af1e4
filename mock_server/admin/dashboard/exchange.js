// One exchange: what went over the wire, its pictures, how to repeat it, and a scenario made of it.

import { call, pictureUrl } from "./api.js";
import { button, copyButton, h, put } from "./dom.js";
import { dateOf, duration, outcome, parameters } from "./format.js";
import { scenarioEditor } from "./editor.js";
import { curl, notes, python, requestOf } from "./snippets.js";

/** Everything about the exchange of that id, as elements, with the key that it was sent with, if somebody knows it.
 * Throws when the journal has it no more. */
export async function exchangeView(id, scope, key = "") {
  const exchange = await call("GET", `journal/${encodeURIComponent(id)}`);
  const request = requestOf(exchange, location.origin, key);
  return [
    factsOf(exchange),
    pictures(exchange),
    wire("Request", `${exchange.method} ${exchange.path} HTTP/1.1`, exchange.request),
    exchange.status
      ? wire("Answer", `HTTP/1.1 ${exchange.status}`, exchange.response, exchange.whole ? "" : "Not all of it was sent.")
      : h("section", {}, h("h3", {}, "Answer"), h("p", {}, "No answer was sent.")),
    h("section", {}, h("h3", {}, "Again"), notes(request, exchange.account).map((text) => h("p", { class: "note" }, text)),
      snippet("curl", curl(request)), snippet("Python", python(request))),
    scenario(exchange, scope),
  ];
}

function factsOf(exchange) {
  const { kind, text } = outcome(exchange);
  const rows = [
    ["outcome", h("span", { class: `outcome ${kind}` }, text)],
    ["prompt", exchange.prompt !== null && h("span", { class: "prompt-whole", dir: "auto" }, exchange.prompt)],
    ["asked for", parameters(exchange)],
    ["face", `${exchange.face} ${exchange.endpoint}`.trim()],
    ["account", exchange.account],
    ["time", dateOf(exchange.at)],
    ["duration", duration(exchange.duration_ms)],
    ["faults", exchange.faults.length > 0 && exchange.faults.map((name) => h("span", { class: "fault" }, name))],
  ];
  return h("dl", { class: "facts" }, rows.filter(([, value]) => value).map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

function pictures(exchange) {
  if (!exchange.images.length) return null;
  const figures = exchange.images.map((image) => {
    const url = pictureUrl(exchange.id, image.index);
    const alt = `image ${image.index + 1} of exchange ${exchange.id}${exchange.prompt ? `: ${exchange.prompt}` : ""}`;
    const about = `${image.width}×${image.height}, seed ${image.seed}${image.bytes ? `, ${image.bytes} bytes` : ""}`;
    return h("figure", {}, h("a", { href: url, target: "_blank", rel: "noopener" }, h("img", { src: url, alt, width: image.width, height: image.height })), h("figcaption", {}, about));
  });
  const spoiled = exchange.faults.length > 0 && h("p", { class: "note" }, "As they were drawn: what a fault did to the bytes is not shown.");
  return h("section", { class: "pictures" }, h("h3", {}, "Pictures"), spoiled, figures);
}

function wire(title, first, message, remark = "") {
  const head = [first, ...message.headers.map(([name, value = ""]) => `${name}: ${value}`)].join("\n");
  const body = message.body ?? `(base64) ${message.body_base64}`;
  const shown = h("pre", { class: "wire", tabindex: 0, "aria-label": `${title} as it went over the wire`, role: "group" }, `${head}\n\n${body}`);
  return h("section", {}, h("h3", {}, title), shown, remark && h("p", { class: "note" }, remark));
}

/** Lines to paste, with a button that copies them. */
export function snippet(name, text) {
  const code = h("code", {}, text);
  return h("div", { class: "snippet" }, h("div", { class: "snippet-head" }, h("b", {}, name), copyButton(`Copy ${name}`, () => text, code)),
    h("pre", { tabindex: 0, role: "group", "aria-label": `${name} line` }, code));
}

function scenario(exchange, scope) {
  const place = h("div", {});
  const make = button("Make this a scenario", async () => {
    const content = await call("GET", `journal/${encodeURIComponent(exchange.id)}/scenario`);
    const editor = scenarioEditor(content, scope, exchange.account);
    put(place, editor.element);
    editor.focus();
  });
  return h("section", {}, h("h3", {}, "Scenario"), h("p", {}, "Rules that give such a request such an answer, to load or to keep as a file."), make, place);
}

/** The panel beside the journal. */
export function exchangePanel(page, { scope, close }) {
  const title = h("h2", { tabindex: -1 });
  const body = h("div", { class: "panel-body" });
  const panel = h("section", { class: "panel", "aria-label": "Exchange", hidden: true },
    h("div", { class: "panel-head" }, title, button("Close", close, { class: "close" })), body);
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
  page.append(panel);
  let shown = null;
  return {
    async show(id) {
      shown = id;
      panel.hidden = id === null;
      page.classList.toggle("opened", id !== null);
      if (id === null) return;
      title.textContent = `Exchange ${id}`;
      put(body, h("p", {}, "…"));
      title.focus();
      const content = await exchangeView(id, scope).catch((error) => [h("p", { class: "note" }, error.message)]);
      if (shown === id) put(body, content);
    },
  };
}
