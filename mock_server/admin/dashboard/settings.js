// The settings of an account, and the answers of its profile, each with the question that it stands for.

import { call, fact } from "./api.js";
import { button, h, prose, put, say } from "./dom.js";
import { schemaForm } from "./form.js";
import { written } from "./json.js";
import { linked } from "./scenarios.js";

/** A form of all settings; what was changed is sent, and nothing else. */
export function settingsForm(scope, done) {
  const place = h("div", {});
  let [form, before] = [null, {}];
  const touched = new Set();
  const save = button("Save", async () => {
    const changes = {};
    for (const item of form.fields) {
      if (touched.has(item.name)) changes[item.name] = item.value() ?? empty(item.schema);
    }
    if (!Object.keys(changes).length) throw new Error("nothing was changed");
    await call("PATCH", "account", { account: scope.value, raw: written(changes) });
    touched.clear();
    say(`saved: ${Object.keys(changes).join(", ")}`);
    await done();
  });
  fact("schema/account").then((schema) => {
    const { profile: _profile, ...properties } = schema.properties; // has a table of its own
    form = schemaForm({ ...schema, properties });
    for (const item of form.fields) item.control.addEventListener("input", () => touched.add(item.name));
    put(place, form.element);
    form.set(before);
  }).catch((error) => say(error.message, "bad"));
  scope.listen(() => touched.clear());
  return {
    element: h("section", { "aria-labelledby": "title-settings" }, h("h2", { id: "title-settings" }, "Settings"), place, h("div", { class: "buttons" }, save)),
    show(account) {
      before = account ?? {};
      for (const item of form?.fields ?? []) {
        if (touched.has(item.name)) continue; // somebody is writing there
        item.set(account ? account[item.name] : undefined);
      }
    },
  };
}

const empty = (schema) => ([].concat(schema.type).includes("null") ? null : "");

/** What is known of the question: the claim that the default answers, how sure it is, whence, and its id. */
const claimCell = ({ says, grade, source, claim }) =>
  h("td", { class: "claim" }, h("div", {}, says), h("div", { class: "source" }, h("em", {}, grade), ": ", linked(source), " (", h("code", {}, claim), ")"));

/** The profile by name, and every switch of it. */
export function switchTable(scope, done) {
  const named = h("select", { id: "profile" });
  const body = h("tbody", {});
  const change = async (profile, told) => {
    try {
      await call("PATCH", "account", { account: scope.value, body: { profile } });
      say(told);
    } catch (error) {
      say(error.message, "bad");
    }
    await done();
  };
  named.addEventListener("change", () => named.value && change(named.value, `profile ${named.value}`));
  const selects = new Map();
  fact("profiles").then(({ profiles, switches }) => {
    put(named, h("option", { value: "" }, "custom"), profiles.map(({ name, differences }) => h("option", { value: name, title: differences }, name)));
    put(body, switches.map((item) => {
      const words = [h("option", { value: "" }, "not chosen"), ...item.answers.map((word) => h("option", { value: word }, word))];
      const select = h("select", { "aria-label": `${item.field}: ${item.question}`, onchange: (event) => event.target.value && change({ [item.field]: event.target.value }, `${item.field}: ${event.target.value}`) }, words);
      selects.set(item.field, select);
      return h("tr", {}, h("th", { scope: "row" }, item.field), h("td", {}, prose(item.question)), h("td", {}, select), claimCell(item));
    }));
    done();
  }).catch((error) => say(error.message, "bad"));
  const head = h("tr", {}, ["switch", "question", "answer", "what is known"].map((name) => h("th", { scope: "col" }, name)));
  return {
    element: h("section", { "aria-labelledby": "title-profile" }, h("h2", { id: "title-profile" }, "Profile"),
      h("div", { class: "field" }, h("label", { for: "profile" }, "All answers at once"), named),
      h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": "Switches of the profile" }, h("table", { class: "switches" }, h("thead", {}, head), body))),
    show(account) {
      if (document.activeElement !== named) named.value = account && account.profile !== "custom" ? account.profile : "";
      for (const [field, select] of selects) {
        if (document.activeElement !== select) select.value = account?.switches[field] ?? "";
      }
    },
  };
}
