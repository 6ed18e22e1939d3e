// One message on the page: a person's, or one of the bot's replies.

import { age, button, clock, el, icon, when } from "./dom.js";
import { isBot, isDirect, state, wasBettered } from "./state.js";

const PRIVATE = "Private: only you see this";
const OFFERS = {
  escalate: { action: "escalate", picture: "better", done: "Frontier model asked" },
  try_again: { action: "again", picture: "again" },
  answer_again: { action: "again", picture: "again" },
  ask_small: { action: "small", picture: "again" },
  request_budget: { action: "budget", picture: "better", done: "The operators are asked" },
  tell_me: { action: "tell", picture: "bell", done: "You will be told" },
};

/** An item of a list of messages; `inline`: a reply shown under its question. */
export function messageItem(entry, { inline = false, inThread = false } = {}) {
  const mark = state.marks.get(entry.question);
  const editing = state.editing === entry.id;
  const pressed = (...names) => names.some((name) => state.pressed.has(`${name}:${entry.question}`));
  const asked = entry.body.kind === "answer" && (wasBettered(entry.question) || pressed("escalate", "live", "mismatch"));
  const differs = pressed("mismatch");
  const again = ["again", "small"].some((name) => state.pressed.has(`${name}:${entry.question}:${entry.revision}`));
  const told = pressed("tell");
  const requested = pressed("budget");
  return {
    key: entry.id,
    sign: [entry.revision, mark?.revision ?? 0, editing, asked, differs, again, told, requested, inline].join(),
    build: () => build(entry, { inline, inThread, mark, editing, asked, differs, again, told, requested }),
  };
}

function build(entry, view) {
  const classes = ["message", `is-${entry.body.kind ?? "deleted"}`, view.inline ? "inline" : ""].filter(Boolean).join(" ");
  const content = el("div", { class: "content" }, head(entry, view), ...(isBot(entry) ? reply(entry, view) : said(entry, view)));
  const name = `${isBot(entry) ? "Switchboard" : entry.author}, ${clock(entry.at)}`;
  return el("li", { class: classes, "data-id": entry.id, "aria-label": name }, avatar(entry), content);
}

function avatar(entry) {
  if (isBot(entry)) return el("span", { class: "avatar", "aria-hidden": "true" }, el("img", { src: "/web/static/logo.svg", alt: "" }));
  const hue = [...entry.author].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  return el("span", { class: `avatar avatar-${hue}`, "aria-hidden": "true" }, [...entry.author][0]);
}

function head(entry, view) {
  const parts = [el("span", { class: "author" }, isBot(entry) ? "Switchboard" : entry.author)];
  parts.push(el("time", { class: "time", datetime: entry.at }, clock(entry.at)));
  if (entry.body.badge) parts.push(badge(entry.body));
  if (entry.body.edited) parts.push(el("span", { class: "small-print" }, "edited"));
  if (entry.private && !isDirect(entry.channel)) parts.push(el("span", { class: "private" }, icon("lock", 14), PRIVATE));
  return el("div", { class: "head" }, ...parts, tools(entry, view));
}

/** The badge and its figures: colour, shape and word say the same thing. An earlier answer tells its age. */
export function badge(body) {
  const pill = el("span", { class: `pill tone-${body.tone}` }, body.badge);
  const old = body.match ? age(body.match.answered_at) : null;
  return el("span", { class: "source" }, pill, old, body.figures ? el("span", { class: "figures" }, body.figures) : null);
}

function said(entry, { editing }) {
  if (entry.deleted) return [el("p", { class: "text gone" }, "This message was deleted.")];
  if (editing) return [editor(entry)];
  return [el("p", { class: "text" }, ...withMentions(entry.body.text))];
}

function withMentions(text) {
  const parts = text.split(new RegExp(`(${state.setup.mention}\\b)`, "i"));
  return parts.map((part, index) => (index % 2 ? el("span", { class: "mention" }, part) : part));
}

function editor(entry) {
  const field = el("textarea", { "aria-label": "Edit your message", maxlength: state.setup.max_text, "data-edit": entry.id });
  field.value = entry.body.text;
  const buttons = el("div", { class: "actions" }, button("save-edit", "Save"), button("cancel-edit", "Cancel"));
  return el("div", { class: "edit" }, field, buttons);
}

function reply(entry, view) {
  const { body } = entry;
  if (body.kind === "working") return [working(body)];
  const parts = [];
  if (body.note) parts.push(caution(body));
  if (body.parent) parts.push(el("p", { class: "small-print" }, secondAnswer(body.parent)));
  if (body.match?.question) parts.push(matched(body.match.question));
  parts.push(prose(body.html));
  if (body.sources?.length) parts.push(sources(body.sources));
  if (!body.note && body.until) parts.push(el("p", { class: "until" }, ...untilParts(body)));
  if (body.picture) parts.push(el("img", { class: "picture", src: body.picture.data, alt: body.picture.alt }));
  parts.push(el("div", { class: "actions" }, ...actions(entry, view)));
  return parts;
}

function caution(body) {
  const words = el("span", {}, body.headline ? el("strong", {}, body.headline) : null, ` ${body.note}`, ...untilParts(body, " "));
  return el("p", { class: `note concern-${body.concern}` }, icon("warning", 18), words);
}

/** The sentence about the moment that a caution or a failure ends, with the moment in the reader's own zone. */
function untilParts(body, before = "") {
  if (!body.until) return [];
  const [start, end] = body.until_said.split("{when}");
  return [before + start, el("time", { datetime: body.until }, when(body.until)), end];
}

/** The question that an earlier answer was given to. */
export function matched(question) {
  return el("p", { class: "matched" }, el("em", {}, "Matched:"), ` “${question}”`);
}

/** What an answer rests on: each title with the host that its link leads to. */
function sources(found) {
  const items = found.map(({ title, url, host }, index) => {
    const link = el("a", { href: url, target: "_blank", rel: "noopener noreferrer nofollow" }, host);
    return el("span", {}, ` [${index + 1}] `, title === host ? null : `${title} · `, link);
  });
  return el("p", { class: "sources small-print" }, "Sources:", ...items);
}

function secondAnswer(parent) {
  const asked = [...state.entries.values()].find((entry) => entry.question === parent && entry.body.kind === "message");
  const first = asked?.body.text.replace(new RegExp(`${state.setup.mention}\\s*`, "gi"), "") ?? "";
  return first ? `A second answer to “${first.length > 80 ? `${first.slice(0, 79)}…` : first}”` : "A second answer to the same question";
}

function working(body) {
  return el("p", { class: "working" }, el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i")), body.text);
}

function prose(html) {
  const box = el("div", { class: "prose" });
  box.innerHTML = html; // Made by the server from Markdown, with raw HTML and images off.
  for (const wide of box.querySelectorAll("pre, table")) wide.tabIndex = 0;
  return box;
}

function actions(entry, { mark, asked, differs, again, told, requested }) {
  const { body } = entry;
  const offers = (body.offers ?? []).map(({ offer, label }) => {
    const { action, picture, done } = OFFERS[offer];
    const disabled = { again, small: again, tell: told, budget: requested }[action] ?? asked;
    return button(action, disabled && done ? done : label, { picture, disabled });
  });
  if (body.kind !== "answer") return offers;
  const flagged = mark?.state === "flagged";
  const found = [
    button("helpful", "Helpful", { picture: "helpful", "aria-pressed": String(mark?.state === "helpful") }),
    button("flag", flagged ? "Flagged" : "Flag", { picture: "flag", "aria-pressed": String(flagged) }),
    button("why", "Why this tier?", { picture: "why" }),
  ];
  found.push(...offers);
  if (body.can_ask_live) found.push(button("live", asked ? "Asked again" : "Ask again live", { picture: "again", disabled: asked }));
  if (body.match) {
    const label = differs ? "Noted: not the same question" : "Not the same question";
    found.push(button("mismatch", label, { picture: "differs", disabled: differs }));
  }
  return found;
}

function tools(entry, { inline, inThread, editing }) {
  if (isBot(entry) || entry.deleted || editing) return null;
  const found = [];
  if (!inThread && !inline) found.push(button("reply", "Reply in the thread", { picture: "reply", hideLabel: true }));
  if (entry.author === state.user) {
    found.push(button("edit", "Edit", { picture: "edit", hideLabel: true }));
    found.push(button("delete", "Delete", { picture: "delete", hideLabel: true }));
  }
  return found.length ? el("div", { class: "tools" }, ...found) : null;
}
