// Fault rules at work: how often each has fired and what is left; pause and clear; new ones.

import { call } from "./api.js";
import { button, h, put, say } from "./dom.js";
import { compact } from "./json.js";
import { keepFresh } from "./refresh.js";
import { ruleForm } from "./rule.js";
import { scenarioList } from "./scenarios.js";

const COLUMNS = ["id", "for", "fault", "when", "sequence", "matched", "fired", "left", ""];
const EVERY_MS = 3000;

export function faultsPage(page, shared) {
  const { scope } = shared;
  const state = h("p", { class: "rules-state" });
  const toggle = button("Pause", async () => {
    const paused = toggle.dataset.paused !== "true";
    await call("POST", "faults/pause", { account: scope.value, body: { paused } });
    say(paused ? "the rules rest: none fires or counts" : "the rules work again");
    await look();
  });
  const clear = button("Clear", async () => {
    await call("DELETE", "faults", { account: scope.value });
    say("every rule is taken out");
    await look();
  });
  const rules = h("tbody", {});
  const table = h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Table of rules" },
    h("table", { class: "rules" }, h("thead", {}, h("tr", {}, COLUMNS.map((name) => (name ? h("th", { scope: "col" }, name) : h("td", {}))))), rules));
  const none = h("p", { class: "empty" });
  page.append(
    h("section", { "aria-labelledby": "title-rules" }, h("h2", { id: "title-rules" }, "Rules at work"), h("div", { class: "buttons" }, state, toggle, clear), table, none),
    h("div", { class: "play" }, scenarioList({ ...shared, done: () => look() }), ruleForm({ ...shared, done: () => look() })),
  );

  const look = keepFresh(page, { ...shared, every: EVERY_MS }, async () => {
    const found = await call("GET", "faults", { account: scope.value });
    const rows = found.accounts ? merged(found) : found.faults.map((rule) => ({ rule, whom: scope.value, account: scope.value }));
    state.textContent = found.paused ? "paused" : "working";
    state.dataset.state = found.paused ? "bad" : "good";
    const others = (found.accounts ?? []).filter((item) => item.paused !== found.paused).length;
    if (others) state.textContent += `; ${others} ${others === 1 ? "account" : "accounts"} otherwise`;
    toggle.dataset.paused = String(found.paused);
    toggle.textContent = found.paused ? "Resume" : "Pause";
    fill(rules, rows, look);
    table.hidden = !rows.length;
    none.textContent = rows.length ? "" : "None: every request gets what it deserves.";
  });
  return { shown: look };
}

/** Rules of all accounts once, with what came of them in each; then those of single accounts. */
function merged({ faults, accounts }) {
  const rows = new Map(faults.map((rule) => [rule.id, { rule: { ...rule, matched: 0, fired: 0, left: rule.times ?? null }, whom: "all", account: "" }]));
  const common = new Set(rows.keys());
  for (const { account, faults: own } of accounts) {
    for (const rule of own) {
      const row = rows.get(rule.id);
      if (!common.has(rule.id)) rows.set(rule.id, { rule, whom: account, account });
      else {
        row.rule.matched += rule.matched;
        row.rule.fired += rule.fired;
        row.left = [...(row.left ?? []), rule.left];
      }
    }
  }
  return [...rows.values()];
}

function fill(body, rows, look) {
  const kept = new Map([...body.children].map((row) => [row.dataset.key, row]));
  put(body, rows.map(({ rule, whom, account, left }) => {
    const key = `${account} ${rule.id}`;
    const cells = texts(rule, whom, left);
    const row = kept.get(key) ?? h("tr", { "data-key": key }, cells.map((_, index) => (index ? h("td", {}) : h("th", { scope: "row" }))), h("td", {}, remove(rule, account, look)));
    cells.forEach((text, index) => { if (row.children[index].textContent !== text) row.children[index].textContent = text; });
    return row;
  }));
}

function texts(rule, whom, left) {
  const { kind, ...parameters } = rule.fault;
  const given = Object.keys(parameters).length ? ` ${compact(parameters)}` : "";
  const name = rule.name ? `${rule.name}: ` : "";
  const sequence = ["times", "after", "probability"].filter((word) => rule[word] !== undefined).map((word) => `${word} ${rule[word]}`);
  return [rule.id, whom, `${name}${kind}${given}`, rule.when ? compact(rule.when) : "every call", sequence.join(", "), String(rule.matched), String(rule.fired), remaining(left ?? [rule.left])];
}

/** What is left, of a rule for all: in each account. */
function remaining(counts) {
  const known = counts.filter((count) => count !== null);
  if (!known.length) return "no end";
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return low === high ? String(low) : `${low} to ${high}`;
}

function remove(rule, account, look) {
  return button("Remove", async () => {
    await call("DELETE", `faults/${encodeURIComponent(rule.id)}`, { account });
    say(`rule ${rule.id} is taken out`);
    await look();
  }, { "aria-label": `Remove rule ${rule.id}` });
}
