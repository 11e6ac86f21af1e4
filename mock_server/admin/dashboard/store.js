// The exchanges that the journal has, as the stream tells of them. Two windows hold the same, as both hear the same.

import { call } from "./api.js";

export class Store {
  constructor() {
    this.all = [];
    this.byId = new Map();
    this.listeners = new Set();
    this.accounts = new Set();
    this.checking = null;
  }

  /** Be told after changes: {added: [...]} or {removed: true}. The way to be told no more is returned. */
  listen(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(change) {
    for (const listener of this.listeners) listener(change);
  }

  add(exchange) {
    if (this.byId.has(exchange.id)) return;
    this.byId.set(exchange.id, exchange);
    this.all.push(exchange);
    if (exchange.account) this.accounts.add(exchange.account);
    this.tell({ added: exchange });
    this.checkSoon();
  }

  /** Forget what is of an account, or all. */
  clear(account) {
    this.keep((exchange) => account !== null && exchange.account !== account);
  }

  keep(wanted) {
    const kept = this.all.filter(wanted);
    if (kept.length === this.all.length) return;
    this.all = kept;
    this.byId = new Map(kept.map((exchange) => [exchange.id, exchange]));
    this.tell({ removed: true });
  }

  /** The journal makes room without a word, so ask now and then what it still has. */
  checkSoon() {
    this.checking ??= setTimeout(() => this.check().catch(() => {}).finally(() => { this.checking = null; }), 2000);
  }

  async check() {
    const before = new Set(this.byId.keys()); // what comes while the answer is under way is newer than it
    const { exchanges } = await call("GET", "journal", { query: { view: "ids" } });
    const there = new Set(exchanges);
    this.keep((exchange) => there.has(exchange.id) || !before.has(exchange.id));
  }
}
