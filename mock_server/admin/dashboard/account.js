// One account, or all of them: balance, limits, clock, settings, profile.

import { call } from "./api.js";
import { button, h, put, say } from "./dom.js";
import { clockBox } from "./clock.js";
import { money } from "./format.js";
import { keepFresh } from "./refresh.js";
import { settingsForm, switchTable } from "./settings.js";
import { usageCharts } from "./usage.js";

const EVERY_MS = 1000;
const SHOWN = 200;

export function accountPage(page, shared) {
  const { scope } = shared;
  const summary = h("div", {});
  const clock = clockBox(scope, () => look());
  const usage = usageCharts();
  const settings = settingsForm(scope, () => look());
  const switches = switchTable(scope, () => look());
  const reset = button("Reset", async () => {
    await call("POST", "reset", { account: scope.value });
    say(scope.value ? `${scope.value} is as at the start` : "everything is as at the start");
    await scope.refresh();
  });
  page.append(
    h("section", { "aria-labelledby": "title-balance" }, h("h2", { id: "title-balance" }, "Balance"), summary, h("div", { class: "buttons" }, reset), opener(scope)),
    clock.element, usage.element, settings.element, switches.element,
  );

  const look = keepFresh(page, { ...shared, every: EVERY_MS }, async () => {
    const account = scope.value;
    const found = await call("GET", "account", { account, query: account ? {} : { limit: SHOWN } });
    const time = await call("GET", "clock", { account });
    if (account !== scope.value) return; // another was chosen meanwhile
    put(summary, account ? balance(found) : accountTable(found.accounts, scope));
    clock.show(time);
    usage.show(account ? await call("GET", "account/usage", { account }) : null);
    settings.show(account ? found : null);
    switches.show(account ? found : null);
  });
  return { shown: look };
}

function balance(account) {
  const rows = [["balance", money(account.balance_usd)], ["spent", money(account.spent_usd)], ["images", account.images], ["seed", account.seed], ["fault rules", `${account.faults}${account.faults_paused ? ", paused" : ""}`]];
  return h("dl", { class: "tiles" }, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function accountTable(accounts, scope) {
  if (!accounts.length) return h("p", { class: "empty" }, "No account yet: each key that is used becomes one.");
  const rows = accounts.toReversed().map((account) => h("tr", {},
    h("th", { scope: "row" }, button(account.account, () => scope.choose(account.account), { class: "link" })),
    [money(account.balance_usd), money(account.spent_usd), account.images, account.faults].map((value) => h("td", {}, value))));
  const head = h("tr", {}, ["account", "balance", "spent", "images", "rules"].map((name) => h("th", { scope: "col" }, name)));
  const rest = accounts.length === SHOWN && h("p", {}, `The latest ${SHOWN}; the list above has all.`);
  return [h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Accounts" }, h("table", {}, h("thead", {}, head), h("tbody", {}, rows))), rest];
}

/** Go to the account of a key, also before it was ever used. */
function opener(scope) {
  const key = h("input", { id: "account-key", type: "text", autocomplete: "off", spellcheck: "false", placeholder: "sk-api-…" });
  const open = button("Open", async () => {
    if (!key.value) throw new Error("write the key first");
    const { account } = await call("GET", "account", { key: key.value });
    key.value = "";
    scope.choose(account);
  });
  key.addEventListener("keydown", (event) => { if (event.key === "Enter") open.click(); });
  return h("div", { class: "filters" }, h("label", { for: "account-key" }, "The account of a key"), key, open);
}
