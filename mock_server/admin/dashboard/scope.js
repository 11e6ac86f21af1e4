// The account that everything on the page is about; none is all of them.

import { call } from "./api.js";
import { h, put } from "./dom.js";

export class Scope {
  constructor(select, store) {
    this.select = select;
    this.listeners = new Set();
    this.store = store;
    this.others = new Set(); // without exchanges
    this.offered = new Set();
    select.addEventListener("change", () => this.tell());
    store.listen(({ cleared }) => {
      if (cleared) this.refresh().catch(() => {}); // the stream tells when the emulator is gone
      else if (store.accounts.size > this.size) this.fill();
    });
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
    const before = this.select.value;
    this.others = new Set(accounts);
    this.offered.clear();
    put(this.select, h("option", { value: "" }, "all"));
    this.fill();
    this.select.value = this.offered.has(before) ? before : "";
    this.tell();
  }

  choose(account) {
    this.others.add(account);
    this.fill();
    this.select.value = account;
    this.tell();
  }

  /** Offer accounts that are new; there may be thousands, so what is there stays. */
  fill() {
    this.size = this.store.accounts.size;
    for (const label of [...this.others, ...this.store.accounts]) {
      if (this.offered.has(label)) continue;
      this.offered.add(label);
      this.select.append(h("option", { value: label }, label));
    }
  }
}
