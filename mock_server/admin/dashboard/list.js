// A list of any length of which only the rows in sight exist. Rows are of one height; the newest is on top.

import { h } from "./dom.js";

const SPARE = 6; // rows beyond either edge, so that a slow frame shows no gap

export class WindowedList {
  /** `row(item)` makes the cells of a row; `open(item)` is what Enter and a click do. */
  constructor({ label, columns, rowHeight, row, open }) {
    this.rowHeight = rowHeight;
    this.row = row;
    this.open = open;
    this.items = [];
    this.rows = new Map();
    this.active = null;
    this.asked = false;
    this.top = h("div", { class: "list-rows", role: "rowgroup" });
    const names = columns.map((name) => h("span", { role: "columnheader" }, name));
    const head = h("div", { class: "list-head", role: "rowgroup" }, h("div", { role: "row", class: "list-row", "aria-rowindex": 1 }, names));
    this.element = h("div", { class: "list", role: "grid", tabindex: 0, "aria-label": label, "aria-readonly": "true" }, head, this.top);
    this.element.addEventListener("scroll", () => this.draw(), { passive: true });
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("focus", () => { if (!this.active && this.items.length) this.choose(0); });
    new ResizeObserver(() => this.draw()).observe(this.element);
  }

  /** Show these, oldest first. */
  set(items) {
    this.items = items;
    this.draw();
  }

  /** `count` items were added at the end of what is shown: whoever has scrolled keeps seeing the same rows. */
  grown(count) {
    this.pending = (this.pending ?? 0) + count;
    this.draw();
  }

  at(index) {
    return this.items[this.items.length - 1 - index];
  }

  indexOf(item) {
    let [low, high] = [0, this.items.length - 1]; // ids grow nearly in order, so look around where it should be
    const wanted = Number(item.id);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (Number(this.items[middle].id) < wanted) low = middle + 1;
      else high = middle;
    }
    const place = this.items[low] === item ? low : this.items.indexOf(item);
    return place < 0 ? -1 : this.items.length - 1 - place;
  }

  /** Draw once in the next frame, however much happens until then. */
  draw() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.drawNow();
    });
  }

  drawNow() {
    const { element, rowHeight } = this;
    if (this.pending && element.scrollTop > rowHeight / 2) element.scrollTop += this.pending * rowHeight;
    this.pending = 0;
    const count = this.items.length;
    this.top.style.height = `${count * rowHeight}px`;
    element.setAttribute("aria-rowcount", count + 1);
    const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - SPARE);
    const last = Math.min(count, Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + SPARE);
    const wanted = new Map();
    for (let index = first; index < last; index += 1) wanted.set(this.at(index).id, index);
    for (const [id, row] of this.rows) {
      if (!wanted.has(id)) {
        for (const image of row.querySelectorAll("img")) image.removeAttribute("src"); // nobody waits for it any more
        row.remove();
        this.rows.delete(id);
      }
    }
    let before = this.top.firstChild; // rows stand in the order in which they are read
    for (const [id, index] of wanted) {
      const row = this.rows.get(id) ?? this.made(this.at(index));
      row.style.transform = `translateY(${index * rowHeight}px)`;
      row.setAttribute("aria-rowindex", index + 2);
      if (row === before) before = row.nextSibling;
      else this.top.insertBefore(row, before);
    }
    this.mark();
  }

  made(item) {
    const cells = this.row(item).map((content) => h("span", { role: "gridcell" }, content));
    const row = h("div", { role: "row", class: "list-row", id: `row-${item.id}` }, cells);
    row.addEventListener("click", () => {
      this.active = item;
      this.mark();
      this.open(item);
    });
    this.rows.set(item.id, row);
    return row;
  }

  /** Tell which row the keyboard is on. */
  mark() {
    for (const [id, row] of this.rows) row.setAttribute("aria-selected", String(id === this.active?.id));
    if (this.active && this.rows.has(this.active.id)) this.element.setAttribute("aria-activedescendant", `row-${this.active.id}`);
    else this.element.removeAttribute("aria-activedescendant");
  }

  /** Make an item the one that the keyboard is on, without going there. */
  select(item) {
    this.active = item;
    this.draw();
  }

  choose(index) {
    const { element, rowHeight } = this;
    const to = Math.max(0, Math.min(this.items.length - 1, index));
    this.active = this.at(to) ?? null;
    const room = element.clientHeight - rowHeight; // the head covers a row
    if (to * rowHeight < element.scrollTop) element.scrollTop = to * rowHeight;
    else if ((to + 1) * rowHeight > element.scrollTop + room) element.scrollTop = (to + 1) * rowHeight - room;
    this.drawNow();
  }

  key(event) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.rowHeight) - 1);
    const here = this.active ? this.indexOf(this.active) : -1;
    const moves = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: here + page, PageUp: here - page, Home: 0, End: this.items.length - 1 };
    if (event.key in moves) {
      event.preventDefault();
      if (this.items.length) this.choose(moves[event.key]);
    } else if (event.key === "Enter" && this.active) {
      event.preventDefault();
      this.open(this.active);
    }
  }
}
