// The account's clock, or the one that all run on: look, advance, freeze.

import { call } from "./api.js";
import { button, h, say } from "./dom.js";
import { dateOf } from "./format.js";

const HOUR = 3600;

export function clockBox(scope, done) {
  const time = h("p", { class: "clock" });
  const move = (body, told) => async () => {
    await call("POST", "clock", { account: scope.value, body });
    say(told);
    await done();
  };
  const freeze = button("Freeze", () => move({ freeze: freeze.dataset.frozen !== "true" }, freeze.dataset.frozen === "true" ? "the clock runs" : "the clock stands")());
  return {
    element: h("section", { "aria-labelledby": "title-clock" }, h("h2", { id: "title-clock" }, "Clock"), time,
      h("div", { class: "buttons" }, button("+1 h", move({ advance: HOUR }, "an hour later")), button("+24 h", move({ advance: 24 * HOUR }, "a day later")), freeze)),
    show({ now, offset, frozen }) {
      const ahead = Math.round(offset);
      time.textContent = `${dateOf(now)}${frozen ? ", frozen" : ""}${Math.abs(ahead) > 1 ? `, ${span(ahead)} ${ahead > 0 ? "ahead of" : "behind"} this machine` : ""}`;
      freeze.dataset.frozen = String(frozen);
      freeze.textContent = frozen ? "Let it run" : "Freeze";
    },
  };
}

function span(seconds) {
  const whole = Math.abs(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 2 * HOUR) return `${Math.round(whole / 60)} min`;
  return whole < 48 * HOUR ? `${(whole / HOUR).toFixed(1)} h` : `${(whole / 24 / HOUR).toFixed(1)} days`;
}
