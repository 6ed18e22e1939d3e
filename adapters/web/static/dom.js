// Small helpers to build and keep parts of the page. Text is always set as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  send: "M5 12h13M12.5 6l6 6-6 6",
  helpful: "M8 11v8H5v-8zM8 11l4-7c1.6 0 2.4 1.2 2 2.8L13.5 10H19l-1.4 8c-.2.7-.7 1-1.4 1H8",
  flag: "M6 21V4h11l-2.5 4L17 12H6",
  why: "M9.5 9a2.6 2.6 0 1 1 3.7 2.400c-.8.4-1.2.9-1.2 1.800v.300M12 17.200v.1M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18",
  better: "M12 19V6M6.5 11.500L12 6l5.5 5.5",
  again: "M19 12a7 7 0 1 1-2-5l2 2M19 4v5h-5",
  differs: "M5 9.500h14M5 14.500h14M15.500 5l-7 14",
  reply: "M4 6h16v10H10l-4 4v-4H4z",
  edit: "M5 19l1-4L16.5 4.500l3 3L9 18z",
  delete: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  warning: "M12 4l9 16H3zM12 10v4.500M12 17.200v.1",
};

export function icon(name, size = 16) {
  const svg = document.createElementNS(SVG, "svg");
  const marks = { viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(marks)) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({ d: ICONS[name], "stroke-width": 2, "stroke-linecap": "round", "stroke-linejoin": "round" })) {
    path.setAttribute(key, value);
  }
  svg.append(path);
  return svg;
}

/** Make an element; `props` are attributes, those of value false or null are left out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === false || value === null || value === undefined) continue;
    node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Make a button that the page's one click handler understands by its `data-action`. */
export function button(action, label, { picture, hideLabel, ...props } = {}) {
  const look = hideLabel ? "icon-button" : "chip";
  const shown = { type: "button", class: look, "data-action": action, ...props };
  if (hideLabel) Object.assign(shown, { "aria-label": label, title: label });
  return el("button", shown, picture ? icon(picture) : null, hideLabel ? null : label);
}

/**
 * Make a list show `items` in order, keeping the nodes that have not changed.
 * An item has a `key`, a `sign` that changes with what it shows, and `build()`.
 */
export function reconcile(list, items) {
  const old = new Map([...list.children].map((node) => [node.dataset.key, node]));
  let place = list.firstElementChild;
  for (const item of items) {
    let node = old.get(item.key);
    old.delete(item.key);
    if (!node || node.dataset.sign !== item.sign) {
      const fresh = item.build();
      fresh.dataset.key = item.key;
      fresh.dataset.sign = item.sign;
      if (node) {
        if (place === node) place = fresh;
        replaceKeepingFocus(node, fresh);
      }
      node = fresh;
    }
    if (node === place) place = place.nextElementSibling;
    else list.insertBefore(node, place);
  }
  for (const node of old.values()) node.remove();
}

function replaceKeepingFocus(node, fresh) {
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.action : null;
  node.replaceWith(fresh);
  if (focused) fresh.querySelector(`[data-action="${CSS.escape(focused)}"]`)?.focus();
}

export function byId(id) {
  return document.getElementById(id);
}

export function toast(text, { bad = false } = {}) {
  const note = el("p", { class: bad ? "toast bad" : "toast" }, text);
  byId("toasts").append(note);
  setTimeout(() => note.remove(), bad ? 7000 : 4000);
}

export function announce(text) {
  byId("announcer").textContent = text;
}

/** The time of day of a moment; with its date when it is not today's. */
export function clock(moment) {
  const then = new Date(moment);
  const time = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  if (then.toDateString() === new Date().toDateString()) return time;
  return `${then.toLocaleDateString([], { day: "numeric", month: "short" })}, ${time}`;
}

/** A moment to come, in words: `today at 20:15`. */
export function when(moment) {
  const then = new Date(moment);
  const time = then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  const day = (days) => new Date(Date.now() + days * 86_400_000).toDateString() === then.toDateString();
  if (day(0)) return `today at ${time}`;
  return `${day(1) ? "tomorrow" : then.toLocaleDateString([], { day: "numeric", month: "short" })} at ${time}`;
}

const UNITS = [[86_400, "d"], [3_600, "h"], [60, "min"]];

function ago(moment) {
  const old = (Date.now() - Date.parse(moment)) / 1000;
  const [size, unit] = UNITS.find(([least]) => old >= least) ?? [];
  return size ? `${Math.floor(old / size)} ${unit} ago` : "just now";
}

/** How long ago something was answered; `keepAges` keeps it true while it is on the page. */
export function age(moment) {
  return el("time", { class: "figures", datetime: moment, title: clock(moment), "data-age": true }, `answered ${ago(moment)}`);
}

export function keepAges() {
  setInterval(() => {
    for (const node of document.querySelectorAll("[data-age]")) node.textContent = `answered ${ago(node.dateTime)}`;
  }, 30_000);
}
