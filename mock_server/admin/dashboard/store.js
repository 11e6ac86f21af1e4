// The exchanges that the journal has, as the stream tells of them. Two windows hold the same, as both hear the same.

import { call } from "./api.js";

const FRAME_MS = 16;

export class Store {
  constructor() {
    this.all = [];
    this.byId = new Map();
    this.listeners = new Set();
    this.accounts = new Set();
    this.checking = null;
    this.fresh = [];
    this.telling = null;
  }

  /** Be told after changes: {added: [...]}, {removed: true} or {cleared: true}. */
  listen(listener) {
    this.listeners.add(listener);
  }

  tell(change) {
    for (const listener of this.listeners) listener(change);
  }

  add(exchange) {
    if (this.byId.has(exchange.id)) return;
    this.byId.set(exchange.id, exchange);
    if (exchange.account) this.accounts.add(exchange.account);
    this.fresh.push(exchange);
    this.telling ??= setTimeout(() => this.tellFresh(), FRAME_MS);
    this.checkSoon();
  }

  /** All that came within a frame is there and told at once, however much it is. */
  tellFresh() {
    clearTimeout(this.telling);
    this.telling = null;
    const added = this.fresh;
    this.fresh = [];
    this.all = this.all.concat(added);
    if (added.length) this.tell({ added });
  }

  /** Forget what is of an account, or all, as the journal did; accounts may be gone too. */
  clear(account) {
    if (account === null) this.accounts = new Set();
    else this.accounts.delete(account);
    this.keep((exchange) => account !== null && exchange.account !== account);
    this.tell({ cleared: true });
  }

  keep(wanted) {
    this.tellFresh(); // in the order in which it happened
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
