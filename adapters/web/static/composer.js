// The fields to write in: drafts, the mention offered, Enter to send.

import { Problem, api } from "./api.js";
import { byId, el, icon, toast } from "./dom.js";
import { isDirect, isOurs, state } from "./state.js";

const HINT = "/ask asks privately, /ask --public openly";
const KEYS = " · Enter sends, Shift+Enter starts a line";
const PRIVATE_HINT = "Private: only you will see the question and its answer";
const drafts = new Map();

function target(inThread) {
  return { channel: state.channel, thread: inThread ? state.thread : "" };
}

function prefill({ channel, thread }) {
  if (isDirect(channel) || (thread && isOurs(state.entries.get(thread)))) return "";
  return `${state.setup.mention} `;
}

function keyOf({ channel, thread }) {
  return `${channel}/${thread}`;
}

export class Composer {
  constructor(form, { inThread, sent }) {
    this.form = form;
    this.field = form.querySelector("textarea");
    this.hint = form.querySelector(".hint");
    this.inThread = inThread;
    this.sent = sent;
    this.pending = null;
    form.querySelector(".send").append(icon("send", 18));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send(this.field.value);
    });
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.key(event));
  }

  /** Show the draft of where the user is now. */
  open({ focus = true } = {}) {
    this.at = target(this.inThread);
    this.field.maxLength = state.setup.max_text;
    this.field.placeholder = this.inThread ? "Reply in the thread" : isDirect(this.at.channel) ? "Ask Switchboard" : `Message #${this.at.channel}`;
    this.set(drafts.get(keyOf(this.at)) ?? prefill(this.at));
    if (focus) this.focus();
  }

  focus() {
    this.field.focus({ preventScroll: true });
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
  }

  set(text) {
    this.field.value = text;
    this.look();
  }

  typed() {
    // A command starts the line, so it takes the place of the mention that was offered.
    if (this.field.value === `${prefill(this.at)}/`) this.field.value = "/";
    drafts.set(keyOf(this.at), this.field.value);
    this.look();
  }

  look() {
    const text = this.field.value.trim();
    const secret = /^\/ask(\s|$)/i.test(text) && !/(^|\s)(--|—|–)public(\s|$)/i.test(text) && !isDirect(this.at.channel);
    this.hint.replaceChildren(secret ? PRIVATE_HINT : HINT, el("span", { class: "keys" }, KEYS));
    this.hint.classList.toggle("private-hint", secret);
    this.form.querySelector(".send").disabled = !text || text === state.setup.mention;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    if (!this.form.querySelector(".send").disabled) this.send(this.field.value);
  }

  /** Send a text. The same text sent again after a failure keeps its id, so it is said once. */
  async send(text) {
    if (this.busy) return;
    this.busy = true;
    const at = this.at;
    const same = this.pending?.text === text && keyOf(this.pending.at) === keyOf(at);
    this.pending = same ? this.pending : { id: crypto.randomUUID(), text, at };
    try {
      await api.say({ id: this.pending.id, user: state.user, ...at, text });
      this.pending = null;
      drafts.delete(keyOf(at));
      if (keyOf(at) === keyOf(this.at) && this.field.value === text) this.set(prefill(at));
      this.sent();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      toast(error.message, { bad: true });
    } finally {
      this.busy = false;
    }
  }
}

/** Ask an example of the channel at once. */
export function tryExample(composer, text) {
  const said = isDirect(state.channel) ? text : `${state.setup.mention} ${text}`;
  return composer.send(said);
}

export function makeComposers(sent) {
  return {
    main: new Composer(byId("composer"), { inThread: false, sent }),
    thread: new Composer(byId("thread-composer"), { inThread: true, sent }),
  };
}
