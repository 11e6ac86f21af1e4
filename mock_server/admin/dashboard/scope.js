// The account that everything on the page is about; none is all of them.

import { call } from "./api.js";
import { h, put } from "./dom.js";

export class Scope {
  constructor(select, store) {
    this.select = select;
    this.listeners = new Set();
    this.shown = "";
    this.store = store;
    this.others = new Set();
    select.addEventListener("change", () => this.tell());
    store.listen(() => { if (store.accounts.size > this.size) this.fill(); });
    this.size = 0;
  }

  get value() {
    return this.select.value;
  }

  /** Be told when it changes, and when something was done that others may want to look at again. */
  listen(listener) {
    this.listeners.add(listener);
  }

  tell() {
    for (const listener of this.listeners) listener();
  }

  /** Ask for accounts that have no exchange, then let everybody look again. */
  async refresh() {
    const { accounts } = await call("GET", "accounts");
    this.others = new Set(accounts);
    this.fill();
    this.tell();
  }

  choose(account) {
    this.others.add(account);
    this.fill();
    this.select.value = account;
    this.tell();
  }

  fill() {
    const before = this.select.value;
    this.size = this.store.accounts.size;
    const labels = [...new Set([...this.others, ...this.store.accounts])];
    put(this.select, h("option", { value: "" }, "all"), labels.map((label) => h("option", { value: label }, label)));
    this.select.value = labels.includes(before) ? before : "";
  }
}
