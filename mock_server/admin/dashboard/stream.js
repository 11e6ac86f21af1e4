// The journal's server-sent events. A browser connects again by itself and says what it has, so nothing is lost.

import { ROOT } from "./api.js";
import { parsed } from "./json.js";

/** Fill `store` with what the journal has and what comes; `shown` gets the state of the connection. */
export function follow(store, shown) {
  const source = new EventSource(`${ROOT}events?view=summary&since=0`);
  source.addEventListener("open", () => shown("live"));
  source.addEventListener("error", () => {
    shown(source.readyState === EventSource.CLOSED ? "refused: reload the page" : "connecting again");
  });
  source.addEventListener("exchange", (event) => store.add(parsed(event.data)));
  source.addEventListener("cleared", (event) => store.clear(JSON.parse(event.data).account));
  source.addEventListener("lost", () => store.checkSoon());
  addEventListener("pagehide", () => source.close());
}
