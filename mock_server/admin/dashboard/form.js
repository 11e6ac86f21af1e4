// A form from a JSON Schema: one field for each property, whatever the emulator declares.

import { h, prose } from "./dom.js";
import { compact, numberOr, parsed } from "./json.js";

let made = 0;

/** `value()` is an object of what was filled in; `set(object)` fills in; `changed` is called after each change. */
export function schemaForm(schema, { root = schema, changed = () => {}, initial = {} } = {}) {
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {})
    .filter(([, property]) => property.const === undefined)
    .map(([name, property]) => field(name, resolved(property, root), required.has(name), { root, changed }));
  const constants = Object.entries(schema.properties ?? {}).filter(([, property]) => property.const !== undefined);
  const form = {
    fields,
    element: h("div", { class: "fields" }, fields.map((item) => item.element)),
    value() {
      const found = Object.fromEntries(constants.map(([name, property]) => [name, property.const]));
      for (const item of fields) {
        const value = item.value();
        if (value !== undefined) found[item.name] = value;
      }
      return found;
    },
    set(object) {
      for (const item of fields) if (item.name in object) item.set(object[item.name]);
    },
  };
  form.set(initial);
  return form;
}

/** The schema behind a reference, or the one kind that is not null. */
export function resolved(schema, root) {
  if (schema.$ref) {
    const target = schema.$ref.split("/").slice(1).reduce((at, part) => at[part], root);
    return { ...resolved(target, root), ...(schema.description ? { description: schema.description } : {}) };
  }
  const kinds = (schema.anyOf ?? []).filter((kind) => kind.type !== "null");
  if (kinds.length === 1) return { ...schema, anyOf: undefined, ...resolved(kinds[0], root), nullable: true };
  return schema;
}

function field(name, schema, required, options) {
  if (schema.type === "object" && schema.properties) return group(name, schema, options);
  const id = `field-${(made += 1)}`;
  const about = [schema.description, range(schema)].filter(Boolean).join(" ");
  const hint = about ? `${id}-hint` : null;
  const control = controlFor(schema, { id, name, "aria-describedby": hint, required });
  control.addEventListener("input", options.changed);
  return {
    name,
    schema,
    control,
    element: h("div", { class: "field" }, h("label", { for: id }, name, required ? h("span", { class: "needed" }, " required") : ""), control, about && h("small", { id: hint }, prose(about))),
    value: () => read(control.value, schema),
    set: (value) => { control.value = shown(value, schema); },
  };
}

function group(name, schema, options) {
  const inner = schemaForm(schema, options);
  return {
    name,
    schema,
    control: inner.element,
    element: h("fieldset", {}, h("legend", {}, name), schema.description && h("small", {}, prose(schema.description)), inner.element),
    value: () => {
      const found = inner.value();
      return Object.keys(found).length ? found : undefined;
    },
    set: (value) => inner.set(value ?? {}),
  };
}

function controlFor(schema, props) {
  const words = schema.type === "boolean" ? ["true", "false"] : schema.enum?.map(String);
  if (words) {
    const all = words.includes("") ? words : ["", ...words];
    return h("select", props, all.map((word) => h("option", { value: word }, word || "not given")));
  }
  if (isLong(schema, props.name)) return h("textarea", { ...props, rows: 3, spellcheck: "false" });
  const numeric = ["integer", "number"].includes([].concat(schema.type)[0]);
  return h("input", { ...props, type: "text", inputmode: numeric ? "decimal" : null, autocomplete: "off", spellcheck: "false" });
}

const isLong = (schema, name) => ["prompt", "body", "message"].includes(name) || (isJson(schema) && !isList(schema));
const isList = (schema) => schema.type === "array" && !["object", undefined].includes(itemType(schema));
const itemType = (schema) => (schema.prefixItems ? schema.prefixItems[0].type : schema.items?.type);
const isJson = (schema) => schema.type === "array" || schema.type === "object" || (!schema.type && !schema.enum);

/** What a field says; undefined when it says nothing. */
function read(text, schema) {
  if (text === "" && !schema.enum?.includes("")) return undefined;
  const type = [].concat(schema.type)[0];
  if (schema.enum) return schema.enum.find((word) => String(word) === text);
  if (type === "boolean") return text === "true";
  if (type === "integer" || type === "number") return numberOr(text);
  if (isList(schema)) return text.split(",").map((part) => numberOr(part));
  return isJson(schema) ? anything(text) : text;
}

/** JSON, or else text: what takes anything takes a word without quotation marks too. */
function anything(text) {
  try {
    return parsed(text);
  } catch {
    return numberOr(text);
  }
}

function shown(value, schema) {
  if (value === null || value === undefined) return "";
  if (isList(schema)) return value.join(", ");
  return typeof value === "object" ? compact(value) : String(value);
}

function range(schema) {
  const low = schema.minimum ?? schema.exclusiveMinimum;
  const high = schema.maximum ?? schema.exclusiveMaximum;
  const parts = [];
  if (typeof low === "number" && Math.abs(low) < 1e15) parts.push(schema.exclusiveMinimum === undefined ? `from ${low}` : `more than ${low}`);
  if (typeof high === "number" && Math.abs(high) < 1e15) parts.push(schema.exclusiveMaximum === undefined ? `to ${high}` : `less than ${high}`);
  if (schema.multipleOf) parts.push(`in steps of ${schema.multipleOf}`);
  if (isList(schema)) parts.push("separated by commas");
  else if (isJson(schema)) parts.push("JSON");
  return parts.length ? `(${parts.join(" ")})` : "";
}
