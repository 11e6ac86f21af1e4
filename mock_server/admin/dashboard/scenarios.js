// Every scenario, with what it reproduces and what a good client does; one click applies it.

import { call, fact } from "./api.js";
import { button, h, put, say } from "./dom.js";
import { compact, written } from "./json.js";

export function scenarioList({ scope, done }) {
  const list = h("ul", { class: "scenarios", tabindex: 0, "aria-labelledby": "title-scenarios" });
  const wrong = h("p", { class: "note" });
  const count = h("span", { class: "count" });
  let items = [];
  const search = h("input", { type: "search", id: "scenario-search", oninput: () => filter() });

  function filter() {
    const wanted = search.value.toLowerCase();
    const shown = items.filter(({ text, element }) => {
      element.hidden = !text.includes(wanted);
      return !element.hidden;
    });
    count.textContent = `${shown.length} of ${items.length}`;
  }

  fact("scenario").then(({ scenarios, errors }) => {
    items = scenarios.map((scenario) => ({ element: item(scenario, scope, done), text: compact(scenario).toLowerCase() }));
    put(list, items.map(({ element }) => element));
    wrong.textContent = errors.join("\n");
    filter();
  }).catch((error) => say(error.message, "bad"));
  return h("section", { "aria-labelledby": "title-scenarios" }, h("h2", { id: "title-scenarios" }, "Scenarios"),
    h("div", { class: "filters" }, h("label", { for: "scenario-search" }, "Find"), search, count), wrong, list);
}

function item(scenario, scope, done) {
  const buttons = h("span", { class: "buttons" });
  const apply = (whom) => async () => {
    await call("POST", "scenario", { account: whom, body: { name: scenario.name } });
    say(`${scenario.name} is at work for ${whom || "all accounts"}`);
    done();
  };
  const named = (text) => ({ "aria-label": `${text}: ${scenario.name}` });
  const offer = () => {
    const whom = scope.value;
    put(buttons, whom && button(`Apply to ${whom}`, apply(whom), named(`Apply to ${whom}`)), button("Apply to all", apply(""), named("Apply to all")));
  };
  scope.listen(offer);
  offer();
  const effect = { ...(scenario.account ? { account: scenario.account } : {}), ...(scenario.rules ? { rules: scenario.rules } : {}) };
  return h("li", {},
    h("h3", {}, scenario.name), h("p", { class: "title" }, scenario.title), h("p", {}, scenario.reproduces), buttons,
    h("details", {}, h("summary", {}, "More", h("span", { class: "hidden" }, ` about ${scenario.name}`)),
      h("dl", {}, h("dt", {}, "A good client"), h("dd", {}, scenario.good_client ?? "–"), h("dt", {}, "Source"), h("dd", {}, linked(scenario.source ?? "–"))),
      h("pre", { class: "wire", tabindex: 0, role: "group", "aria-label": `Rules of ${scenario.name}` }, written(effect))));
}

/** Text with its addresses as links. */
export function linked(text) {
  return text.split(/(https:\/\/[^\s;,()]+)/).map((part) => (part.startsWith("https://") ? h("a", { href: part, target: "_blank", rel: "noopener noreferrer" }, part) : part));
}
