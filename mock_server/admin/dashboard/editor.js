// A scenario to read, change, load and keep.

import { call } from "./api.js";
import { button, copyButton, h, say } from "./dom.js";
import { written } from "./json.js";

let made = 0;

/** `account` is whom it is offered for besides all. */
export function scenarioEditor(content, scope, account) {
  const id = `scenario-${(made += 1)}`;
  const text = h("textarea", { id, rows: 14, spellcheck: "false", class: "code" });
  text.value = written(content);
  const load = (whom) => async () => {
    const loaded = await call("POST", "scenario", { account: whom, raw: text.value });
    say(`${loaded.scenario} is at work for ${whom || "all accounts"}`);
    scope.refresh();
  };
  const save = button("Save as file", () => {
    const link = h("a", { href: URL.createObjectURL(new Blob([text.value], { type: "application/json" })), download: `${content.name}.json` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
  const whom = account || scope.value;
  return {
    element: h("div", { class: "editor" }, h("label", { for: id }, "Scenario, as JSON"), text,
      h("div", { class: "buttons" }, whom && button(`Apply to ${whom}`, load(whom)), button("Apply to all", load("")), copyButton("Copy", () => text.value, text), save)),
    focus: () => text.focus(),
  };
}
