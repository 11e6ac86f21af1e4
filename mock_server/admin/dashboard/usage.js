// The use of each limit over time: what was counted, when it leaves its window, and where the limit is.

import { h, put, svg } from "./dom.js";

const NAMES = { calls: "requests", images: "images", plan_images: "images of the plan" };
const [WIDTH, HEIGHT, EDGE] = [600, 140, 24];

export function usageCharts() {
  const place = h("div", { class: "charts" });
  let drawn = "";
  return {
    element: h("section", { "aria-labelledby": "title-limits" }, h("h2", { id: "title-limits" }, "Limits"), place),
    show(usage) {
      if (usage === null) {
        drawn = "";
        put(place, h("p", { class: "empty" }, "Choose an account to see what it has used."));
        return;
      }
      const key = JSON.stringify(usage);
      if (key === drawn) return;
      drawn = key;
      put(place, Object.keys(NAMES).map((name) => chart(NAMES[name], usage[name], usage.now)));
    },
  };
}

function chart(name, { limit, used, seconds, counts }, now) {
  if (limit === null) return h("p", {}, `${name}: no limit`);
  const text = `${used} of ${limit} ${name} in ${seconds < 3600 ? `${seconds} s` : `${seconds / 3600} h`}`;
  const [from, to] = [now - 2 * seconds, now + seconds];
  const x = (at) => EDGE + ((Math.min(Math.max(at, from), to) - from) / (to - from)) * (WIDTH - EDGE);
  const steps = curve(counts, from, to);
  const top = Math.max(limit, 1, ...steps.map(([, amount]) => amount)) * 1.1;
  const y = (amount) => HEIGHT - EDGE - (amount / top) * (HEIGHT - 2 * EDGE);
  let line = `M${x(from)} ${y(steps[0][1])}`;
  for (const [at, amount] of steps.slice(1)) line += `H${x(at).toFixed(1)}V${y(amount).toFixed(1)}`;
  line += `H${x(to)}`;
  const label = (at, anchor, word) => svg("text", { x: x(at), y: HEIGHT - 6, "text-anchor": anchor, class: "tick" }, word);
  const unit = seconds < 3600 ? [1, "s"] : [3600, "h"];
  return h("figure", { class: "chart" }, h("figcaption", {}, `${text}; right of now: if nothing more comes`),
    svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": text },
      svg("path", { d: `${line}V${y(0)}H${x(from)}Z`, class: "area" }), svg("path", { d: line, class: "curve" }),
      svg("line", { x1: EDGE, x2: WIDTH, y1: y(limit), y2: y(limit), class: "limit" }),
      svg("line", { x1: x(now), x2: x(now), y1: 4, y2: HEIGHT - EDGE, class: "now" }),
      svg("text", { x: 2, y: y(limit) + 4, class: "tick" }, limit), svg("text", { x: 2, y: y(0) + 4, class: "tick" }, 0),
      label(from, "start", `−${(2 * seconds) / unit[0]} ${unit[1]}`), label(now, "middle", "now"), label(to, "end", `+${seconds / unit[0]} ${unit[1]}`)));
}

/** The amount in the window from each moment on at which it changes. */
export function curve(counts, from, to) {
  const changes = counts.flatMap(([at, until, amount]) => [[at, amount], [until, -amount]]).sort((one, other) => one[0] - other[0]);
  let amount = 0;
  const steps = [[from, 0]];
  for (const [at, change] of changes) {
    amount += change;
    if (at <= from) steps[0] = [from, amount];
    else if (at <= to) steps.push([at, amount]);
  }
  return steps;
}
