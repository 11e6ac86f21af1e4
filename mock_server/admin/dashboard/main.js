// Which page is shown, and what all of them share.

import { accountPage } from "./account.js";
import { fact } from "./api.js";
import { say } from "./dom.js";
import { exchangePanel } from "./exchange.js";
import { faultsPage } from "./faults.js";
import { journalPage } from "./journal.js";
import { playgroundPage } from "./playground.js";
import { Scope } from "./scope.js";
import { Store } from "./store.js";
import { follow } from "./stream.js";
import { verdictPage } from "./verdict.js";

const PAGES = ["journal", "faults", "account", "playground", "verdict"];
const place = (name) => document.getElementById(`page-${name}`);

const store = new Store();
const scope = new Scope(document.getElementById("scope"), store);
const shared = { store, scope, open: (exchange) => { location.hash = `#journal/${exchange.id}`; } };

const pages = {
  journal: journalPage(place("journal"), shared),
  faults: faultsPage(place("faults"), shared),
  account: accountPage(place("account"), shared),
  playground: playgroundPage(place("playground"), shared),
  verdict: verdictPage(place("verdict"), shared),
};
const panel = exchangePanel(place("journal"), {
  scope,
  close() {
    location.hash = "#journal";
    pages.journal.focus();
  },
});

let current = null;

function route() {
  const [name, id] = location.hash.slice(1).split("/");
  const wanted = PAGES.includes(name) ? name : "journal";
  for (const page of PAGES) place(page).hidden = page !== wanted;
  for (const link of document.querySelectorAll("nav a")) {
    if (link.hash === `#${wanted}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (wanted !== current) {
    document.title = `${wanted[0].toUpperCase()}${wanted.slice(1)} – minimax-mock`;
    current = wanted;
    pages[wanted].shown();
  }
  const opened = wanted === "journal" && id ? id : null;
  if (opened) pages.journal.select(opened);
  panel.show(opened);
}

document.querySelector(".skip").addEventListener("click", (event) => {
  event.preventDefault(); // the address says which page is shown
  document.getElementById("main").focus();
});
addEventListener("hashchange", route);
fact("health").then(({ version }) => { document.getElementById("version").textContent = version; });
scope.refresh().catch((error) => say(error.message, "bad"));
follow(store, (state) => {
  const shown = document.getElementById("stream");
  shown.textContent = state;
  shown.dataset.state = state === "live" ? "good" : "bad";
});
route();
