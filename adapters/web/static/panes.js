// The panes: the list of channels, a channel's messages, and a thread.

import { byId, el, reconcile } from "./dom.js";
import { badge, messageItem } from "./messages.js";
import { isBot, isDirect, isOurs, replies, roots, state } from "./state.js";

const NEAR_BOTTOM_PX = 90;
const TIERS = [
  { badge: "Cache", tone: "cache" },
  { badge: "Small model", tone: "small" },
  { badge: "Frontier model", tone: "frontier" },
  { badge: "Best effort", tone: "best-effort" },
];

export function place(channel = state.channel) {
  return state.setup.places.find((one) => one.id === channel);
}

export function title(one) {
  return isDirect(one.id) ? "Switchboard" : `# ${one.name}`;
}

/** Show everything as it is now. `toEnd` shows the newest message, wherever the reader was. */
export function draw({ toEnd = false } = {}) {
  drawPlaces();
  keepingEnd(byId("messages-scroll"), toEnd, drawChannel);
  keepingEnd(byId("thread-scroll"), toEnd, drawThread);
}

function drawPlaces() {
  const items = state.setup.places.map((one) => {
    const current = one.id === state.channel;
    const unread = state.unread.get(one.id) ?? 0;
    return { key: one.id, sign: [current, unread].join(), build: () => placeNode(one, current, unread) };
  });
  reconcile(byId("channels"), items.filter((item) => !isDirect(item.key)));
  reconcile(byId("directs"), items.filter((item) => isDirect(item.key)));
}

function placeNode(one, current, unread) {
  const direct = isDirect(one.id);
  const mark = direct ? el("img", { src: "/web/static/logo.svg", alt: "", width: 16, height: 16 }) : "#";
  const parts = [el("span", { class: "mark", "aria-hidden": "true" }, mark), el("span", {}, direct ? "Switchboard" : one.name)];
  if (unread) parts.push(el("span", { class: "unread" }, String(unread), el("span", { class: "visually-hidden" }, " unread")));
  const props = { type: "button", class: "place", "data-action": "place", "data-place": one.id, "aria-current": current ? "page" : null };
  return el("li", {}, el("button", props, ...parts));
}

function drawChannel() {
  const one = place();
  byId("place-name").textContent = title(one);
  byId("place-purpose").textContent = one.purpose;
  document.title = `${title(one)} · Switchboard`;
  const items = roots(one.id).flatMap(conversation);
  reconcile(byId("messages"), items);
  byId("messages").hidden = items.length === 0;
  const welcome = byId("welcome");
  welcome.hidden = !state.loaded || items.length > 0;
  if (!welcome.hidden && welcome.dataset.place !== one.id) {
    welcome.replaceChildren(...welcomeParts(one));
    welcome.dataset.place = one.id;
  }
}

/** A root with the bot's first replies under it; what people said after that is in the thread. */
function conversation(root) {
  const all = replies(root.id);
  const firstPerson = all.findIndex((entry) => !isBot(entry));
  const shown = firstPerson < 0 ? all : all.slice(0, firstPerson);
  const items = [messageItem(root), ...shown.map((entry) => messageItem(entry, { inline: true }))];
  const more = all.length - shown.length;
  if (more || shown.some((entry) => entry.body.kind !== "working")) items.push(threadLink(root, more));
  return items;
}

function threadLink(root, more) {
  const label = more ? `${more} more in the thread` : "Follow up in the thread";
  const build = () => el("li", { class: "thread-link", "data-id": root.id }, el("button", { type: "button", "data-action": "reply" }, label));
  return { key: `link:${root.id}`, sign: label, build };
}

function welcomeParts(one) {
  const examples = one.examples.map((text) => el("button", { type: "button", class: "example", "data-action": "example" }, text));
  return [
    el("h2", {}, isDirect(one.id) ? "Ask Switchboard directly" : `Ask Switchboard in ${title(one).replace(" ", "")}`),
    el("p", {}, "Each answer comes from the cheapest source that can answer it well, and says which one that was:"),
    el("p", { class: "legend" }, ...TIERS.map((tier) => badge(tier))),
    el("p", { class: "quiet" }, "Try one of these:"),
    el("div", { class: "chips" }, ...examples),
  ];
}

function drawThread() {
  const root = state.entries.get(state.thread);
  const open = Boolean(root) && root.channel === state.channel;
  byId("thread-pane").hidden = !open;
  byId("app").classList.toggle("with-thread", open);
  if (document.body.dataset.pane !== "channels") document.body.dataset.pane = open ? "thread" : "messages";
  if (!open) return;
  byId("thread-place").textContent = isOurs(root) ? `${title(place())} · replies go to Switchboard` : title(place());
  reconcile(byId("thread"), [root, ...replies(root.id)].map((entry) => messageItem(entry, { inThread: true })));
}

/** Stay at the end of a list that is read at its end. A last message that is taller than the pane is shown from its top. */
function keepingEnd(scroll, toEnd, change) {
  const atEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_BOTTOM_PX;
  const before = scroll.scrollHeight;
  change();
  if (!toEnd && (!atEnd || scroll.scrollHeight === before)) return;
  const last = [...scroll.querySelectorAll(".message")].at(-1);
  const end = scroll.scrollHeight - scroll.clientHeight;
  scroll.scrollTop = last && last.offsetHeight > scroll.clientHeight ? last.offsetTop - scroll.offsetTop : end;
}
