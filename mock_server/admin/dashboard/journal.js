// The live journal: filters and the list of exchanges.

import { call, pictureUrl } from "./api.js";
import { button, h, say } from "./dom.js";
import { duration, outcome, parameters, timeOf } from "./format.js";
import { WindowedList } from "./list.js";

const ROW = 52;
const COLUMNS = ["time", "face", "account", "prompt", "outcome", "duration", "faults", "images"];
const OUTCOMES = ["success", "partial", "refused", "broken"];
const THUMBNAILS = 3;
const CALM_MS = 120; // a row that is gone before has flown past: nobody needs its pictures
const SHOWN = 200; // characters of a prompt in a row

export function journalPage(page, { store, scope, open }) {
  const filter = { face: "", outcome: "", text: "" };
  let view = [];
  const count = h("p", { class: "count" });
  const list = new WindowedList({ label: "Exchanges, newest first", columns: COLUMNS, rowHeight: ROW, row: cells, open });
  const empty = h("p", { class: "empty" });

  const face = choice("Face", ["", "minimax", "fal", "openai"], (value) => { filter.face = value; refill(); });
  const kind = choice("Outcome", ["", ...OUTCOMES], (value) => { filter.outcome = value; refill(); });
  const text = h("input", { type: "search", id: "filter-text", placeholder: "prompt, path, fault, id", oninput: (event) => { filter.text = event.target.value.toLowerCase(); refill(); } });
  const clear = button("Clear", async () => {
    await call("DELETE", "journal", { account: scope.value });
    say("the journal is cleared");
  });
  page.append(
    h("div", { class: "filters", role: "search" }, face, kind, h("span", {}, h("label", { for: "filter-text" }, "Text"), " ", text), clear, count),
    h("div", { class: "listing" }, list.element, empty),
  );

  function wanted(exchange) {
    return (!scope.value || exchange.account === scope.value)
      && (!filter.face || exchange.face === filter.face)
      && (!filter.outcome || outcome(exchange).kind === filter.outcome)
      && (!filter.text || haystack(exchange).includes(filter.text));
  }

  function refill() {
    view = store.all.filter(wanted);
    list.set(view);
    tell();
  }

  function tell() {
    const all = store.all.length;
    count.textContent = view.length === all ? `${all} exchanges` : `${view.length} of ${all} exchanges`;
    empty.textContent = view.length ? "" : all ? "No exchange is like that." : "Nothing yet. Point a client at this address, or use the playground.";
  }

  store.listen((change) => {
    if (change.removed) refill();
    if (!change.added) return;
    const added = change.added.filter(wanted);
    view.push(...added);
    list.grown(added.length);
    tell();
    if (added.length) announce(added.length);
  });
  scope.listen(refill);
  refill();
  return { shown() { list.draw(); }, focus() { list.element.focus(); }, select(id) { list.select(store.byId.get(id) ?? null); } };
}

const haystacks = new WeakMap();

function haystack(exchange) {
  let text = haystacks.get(exchange);
  if (text === undefined) {
    text = [exchange.id, exchange.prompt, exchange.path, exchange.account, exchange.model, exchange.reason, exchange.status_code, ...exchange.faults]
      .filter((part) => part !== null).join("\n").toLowerCase();
    haystacks.set(exchange, text);
  }
  return text;
}

function cells(exchange) {
  const { kind, text } = outcome(exchange);
  const shown = exchange.images.slice(0, THUMBNAILS);
  const more = exchange.images.length - shown.length;
  const title = exchange.prompt ?? `${exchange.method} ${exchange.path}`;
  return [
    h("time", { datetime: new Date(exchange.at * 1000).toISOString() }, timeOf(exchange.at)),
    [h("b", {}, exchange.face || "–"), h("small", {}, exchange.endpoint)],
    exchange.account || "–",
    [h("span", { class: "prompt", dir: "auto" }, title.slice(0, SHOWN)), h("small", {}, parameters(exchange) || exchange.method)],
    h("span", { class: `outcome ${kind}` }, text),
    duration(exchange.duration_ms),
    exchange.faults.map((name) => h("span", { class: "fault" }, name)),
    [shown.map((image) => thumbnail(exchange, image)), more > 0 && h("small", {}, `+${more}`)],
  ];
}

function thumbnail(exchange, image) {
  const alt = `image ${image.index + 1}, ${image.width} by ${image.height}`;
  const shown = h("img", { alt, width: 44, height: 44, decoding: "async" });
  setTimeout(() => { if (shown.isConnected) shown.src = pictureUrl(exchange.id, image.index, "small"); }, CALM_MS);
  return shown;
}

function choice(name, words, changed) {
  const id = `filter-${name.toLowerCase()}`;
  const options = words.map((word) => h("option", { value: word }, word || "all"));
  return h("span", {}, h("label", { for: id }, name), " ", h("select", { id, onchange: (event) => changed(event.target.value) }, options));
}

let heard = 0;
let telling = null;

/** Those who listen hear how much came, not each of it, and not before it is calm for a moment. */
function announce(count) {
  heard += count;
  telling ??= setTimeout(() => {
    if (!document.getElementById("page-journal").hidden) say(heard === 1 ? "1 new exchange" : `${heard} new exchanges`, "quiet");
    heard = 0;
    telling = null;
  }, 3000);
}
