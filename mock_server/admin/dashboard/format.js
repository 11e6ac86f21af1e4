// Numbers and names as people read them.

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const day = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export const timeOf = (at) => clock.format(new Date(at * 1000));
export const dateOf = (at) => day.format(new Date(at * 1000));

export function duration(ms) {
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms`;
  return `${(ms / 1000).toFixed(ms < 10000 ? 2 : 1)} s`;
}

export const money = (usd) => `$${usd.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 4 })}`;

/** What became of an exchange: one of the words that it can be filtered by, and a text. */
export function outcome(exchange) {
  if (exchange.client_gone) return { kind: "broken", text: "client gone" };
  if (exchange.status === 0) return { kind: "broken", text: "no answer" };
  if (!exchange.whole) return { kind: "broken", text: `${exchange.status}, cut off` };
  if (exchange.status_code) return { kind: "refused", text: `${exchange.status_code} ${(exchange.reason ?? "").replaceAll("_", " ")}` };
  if (exchange.status >= 400) return { kind: "refused", text: `HTTP ${exchange.status}` };
  if (exchange.status_code === 0 && exchange.n > exchange.images.length && exchange.endpoint === "generate") {
    return { kind: "partial", text: `${exchange.images.length} of ${exchange.n} images` };
  }
  return { kind: "success", text: exchange.status_code === 0 ? "ok" : `HTTP ${exchange.status}` };
}

/** What was asked for, in a few words. */
export function parameters(exchange) {
  const [first] = exchange.images;
  const parts = [exchange.model, exchange.n === null ? null : `n=${exchange.n}`, first && `${first.width}×${first.height}`];
  return parts.filter(Boolean).join(" ");
}
