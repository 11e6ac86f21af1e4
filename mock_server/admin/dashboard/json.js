// JSON with numbers as they were written: a seed has 64 bits, of which JavaScript's numbers keep 53.

export class Num {
  constructor(text) {
    this.text = text;
  }
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** A number if the text is one, else the text itself: the emulator says what is wrong with it. */
export const numberOr = (text) => (NUMBER.test(text.trim()) ? new Num(text.trim()) : text);

/** What JSON says, where whole numbers that JavaScript cannot hold become BigInts, in browsers that tell their text. */
export function parsed(text) {
  return JSON.parse(text, (_, value, context) => (Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value));
}

export function written(value, indent = "", step = "  ") {
  if (value instanceof Num) return value.text;
  if (typeof value === "bigint") return String(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = indent + step;
  const parts = Array.isArray(value)
    ? value.map((item) => written(item, inner, step))
    : Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}: ${written(item, inner, step)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (!parts.length) return open + close;
  return step ? `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}` : open + parts.join(", ") + close;
}

/** On one line. */
export const compact = (value) => written(value, "", "");
