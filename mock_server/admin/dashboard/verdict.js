// What the clients did wrong, account by account, with the exchanges that show it.

import { call } from "./api.js";
import { h, put } from "./dom.js";
import { keepFresh } from "./refresh.js";
import { linked } from "./scenarios.js";

const EVERY_MS = 5000;
const SOON_MS = 2000; // judging thousands of exchanges is work
const SHOWN = 20;

export function verdictPage(page, shared) {
  const { store, scope } = shared;
  const place = h("div", {});
  page.append(h("p", {}, "From the traffic alone; MUST is wrong in any case, SHOULD is unwise."), place);
  let drawn = "";

  const look = keepFresh(page, { ...shared, every: EVERY_MS, soonAfter: SOON_MS }, async () => {
    const verdict = await call("GET", "verdict", { account: scope.value });
    const key = JSON.stringify([scope.value, verdict, store.accounts.size]);
    if (key === drawn) return; // whoever reads keeps place and focus
    drawn = key;
    put(place, view(verdict));
  });

  function view({ findings, requests }) {
    const of = (finding) => store.byId.get(finding.exchanges[0])?.account || "no account";
    const groups = new Map();
    for (const account of scope.value ? [scope.value] : store.accounts) groups.set(account, []);
    for (const finding of findings) {
      const account = scope.value || of(finding);
      groups.set(account, [...(groups.get(account) ?? []), finding]);
    }
    const sorted = [...groups].sort(([, one], [, other]) => other.length - one.length);
    const bad = sorted.filter(([, found]) => found.length);
    const good = sorted.filter(([, found]) => !found.length).map(([account]) => account);
    return [
      h("p", { class: "count" }, `${findings.length} ${findings.length === 1 ? "finding" : "findings"} in ${requests} ${requests === 1 ? "request" : "requests"}`),
      bad.map(([account, found]) => h("section", { class: "verdict" }, h("h2", {}, account), found.map(one))),
      good.length > 0 && h("section", { class: "verdict" }, h("h2", {}, "Nothing found"), h("p", {}, good.slice(0, SHOWN).join(", "), good.length > SHOWN ? ` and ${good.length - SHOWN} more` : "")),
    ];
  }
  return { shown: look };
}

function one(finding) {
  const ids = finding.exchanges;
  const links = ids.slice(0, SHOWN).map((id) => [h("a", { href: `#journal/${id}` }, id), " "]);
  return h("article", { class: `finding ${finding.level.toLowerCase()}` },
    h("h3", {}, h("span", { class: "level" }, finding.level), " ", finding.rule), h("p", {}, finding.message),
    h("p", {}, "Exchanges: ", links, ids.length > SHOWN ? `and ${ids.length - SHOWN} more` : ""),
    h("details", {}, h("summary", {}, "Why", h("span", { class: "hidden" }, ` ${finding.rule} matters`)), h("p", {}, finding.explanation), h("p", { class: "source" }, linked(finding.source))));
}
