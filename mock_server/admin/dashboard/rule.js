// A new rule: a form for each kind of fault, made from what the kind declares.

import { call, fact } from "./api.js";
import { button, h, prose, put, say } from "./dom.js";
import { schemaForm } from "./form.js";
import { written } from "./json.js";

export function ruleForm({ scope, done }) {
  const kinds = h("select", { id: "fault-kind" });
  const about = h("p", { class: "about", id: "fault-about" });
  const place = h("div", {});
  const preview = h("pre", { class: "wire", tabindex: 0, role: "group", "aria-label": "The rule as JSON" });
  const target = h("div", { class: "buttons" });
  const section = h("section", { "aria-labelledby": "title-new" }, h("h2", { id: "title-new" }, "New rule"),
    h("div", { class: "field" }, h("label", { for: "fault-kind" }, "Kind of fault"), kinds), about, place,
    h("details", {}, h("summary", {}, "The rule as JSON"), preview), target);
  let forms = null;

  function rule() {
    const when = forms.when.value();
    const given = Object.keys(when).length ? { when } : {};
    return { ...given, fault: forms.fault.value(), ...forms.sequence.value() };
  }

  const show = () => { preview.textContent = written(rule()); };

  function choose(schema) {
    const kind = schema.$defs[kinds.value];
    const options = { root: schema, changed: () => show() };
    const { when, fault: _fault, ...sequence } = schema.properties;
    put(about, prose(kind.description));
    forms = {
      fault: schemaForm(kind, options),
      when: forms?.when ?? schemaForm(when, options),
      sequence: forms?.sequence ?? schemaForm({ properties: sequence }, options),
    };
    put(place,
      h("fieldset", {}, h("legend", {}, "Parameters"), forms.fault.fields.length ? forms.fault.element : h("p", {}, "None.")),
      h("details", {}, h("summary", {}, "Which calls"), forms.when.element),
      h("details", { open: true }, h("summary", {}, "How often"), forms.sequence.element));
    show();
  }

  const add = (whom) => async () => {
    const { id } = await call("POST", "faults", { account: whom, raw: written(rule()) });
    say(`rule ${id} is at work for ${whom || "all accounts"}`);
    done();
  };

  function offer() {
    put(target, scope.value && button(`Add to ${scope.value}`, add(scope.value)), button("Add to all", add("")));
  }

  fact("schema/faults").then((schema) => {
    put(kinds, Object.keys(schema.$defs).map((kind) => h("option", { value: kind }, kind)));
    kinds.value = "status_code";
    kinds.addEventListener("change", () => choose(schema));
    choose(schema);
  }).catch((error) => say(error.message, "bad"));
  scope.listen(offer);
  offer();
  return section;
}
