// Elements, made with text only: nothing that comes from a request is ever read as markup.

/** An element: `props` are attributes; `on…` are listeners; `children` are nodes or text, of which null and false are left out. */
export function h(tag, props = {}, ...children) {
  return filled(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function svg(tag, props = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function filled(element, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  put(element, ...children);
  return element;
}

/** Replace what is in `element`. */
export function put(element, ...children) {
  const nodes = children.flat(3).filter((child) => child !== null && child !== undefined && child !== false);
  element.replaceChildren(...nodes.map((child) => (child instanceof Node ? child : document.createTextNode(String(child)))));
}

/** A button that tells what came of it, and cannot be pressed twice while it works. */
export function button(text, action, props = {}) {
  const element = h("button", { type: "button", ...props }, text);
  element.addEventListener("click", async () => {
    element.setAttribute("aria-busy", "true");
    try {
      await action(element);
    } catch (error) {
      say(error.message, "bad");
    } finally {
      element.removeAttribute("aria-busy");
    }
  });
  return element;
}

/** Text in which what stands between backticks is code. */
export function prose(text) {
  return text.split(/`+([^`]+)`+/).map((part, index) => (index % 2 ? h("code", {}, part) : part));
}

let silence;

/** Tell something, also to those who listen; it goes away after a while. */
export function say(text, kind = "good") {
  const place = document.getElementById("said");
  place.dataset.kind = kind;
  place.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => { place.textContent = ""; }, kind === "bad" ? 12000 : 5000);
}

/** A button that puts `text()` into the clipboard; where the browser does not let it, the text is marked in `shown`. */
export function copyButton(name, text, shown) {
  return button(name, async () => {
    try {
      await navigator.clipboard.writeText(text());
      say("copied");
    } catch {
      getSelection().selectAllChildren(shown);
      say("marked: copy it with Ctrl+C");
    }
  });
}
