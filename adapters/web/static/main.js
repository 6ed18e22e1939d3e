// The page's start, its clicks and keys, and its polling for what is new.

import { Problem, api } from "./api.js";
import { makeComposers, tryExample } from "./composer.js";
import { openDelete, openFlag, openWhy, wireDialogs } from "./dialogs.js";
import { announce, byId, icon, keepAges, toast } from "./dom.js";
import { draw, place } from "./panes.js";
import { chooseFault, loadProviders, toggleProvider } from "./providers.js";
import { apply, become, isBot, state } from "./state.js";

const POLL_MS = 400;
const HIDDEN_POLL_MS = 4000;
const LOST_POLL_MS = 2000;
const FIRST_NAME = "ana";
const NAME_KEY = "switchboard-name";
const DIFFERS = "Thanks, noted. That earlier answer is not served again before a review.";

let wake = () => {};
const composers = makeComposers(() => {
  draw({ toEnd: true });
  pollNow();
});

function pollNow() {
  state.showEnd = true;
  wake();
}

/** Perform a request; say what was done, or what went wrong. Returns what the server said, or null. */
async function run(request, done = "") {
  try {
    const said = await request();
    if (done) toast(done);
    wake();
    return said;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    toast(error.message, { bad: true });
    return null;
  }
}

async function pollForever() {
  let failures = 0;
  for (;;) {
    try {
      await poll();
      failures = 0;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      failures += 1;
    }
    byId("offline").hidden = failures < 2;
    const pause = failures ? LOST_POLL_MS : document.hidden ? HIDDEN_POLL_MS : POLL_MS;
    await new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, pause);
    });
  }
}

async function poll() {
  for (;;) {
    const { epoch } = state;
    const page = await api.changes(state.user, state.revision);
    if (epoch !== state.epoch) continue;
    const news = apply(page);
    if (page.more) continue;
    if (state.loaded) news.forEach(tell);
    if (page.entries.length || !state.loaded) {
      const toEnd = !state.loaded || state.showEnd;
      state.loaded = true;
      state.showEnd = false;
      draw({ toEnd });
    }
    return;
  }
}

/** Tell of a new message: a count at another channel, a word to a screen reader here. */
function tell(entry) {
  if (entry.author === state.user) return;
  if (entry.channel !== state.channel) {
    if (entry.body.kind !== "working") state.unread.set(entry.channel, (state.unread.get(entry.channel) ?? 0) + 1);
    return;
  }
  const source = entry.body.badge ? `, ${entry.body.badge}, ${entry.body.figures}` : "";
  announce(`${isBot(entry) ? "Switchboard" : entry.author}${source}: ${entry.body.text.slice(0, 400)}`);
}

async function start(name) {
  const setup = await run(() => api.setup(name));
  if (!setup) {
    byId("name").value = state.user;
    return;
  }
  localStorage.setItem(NAME_KEY, setup.user);
  become(setup);
  byId("name").value = setup.user;
  byId("name").maxLength = setup.max_name;
  goTo(location.hash.slice(1), { focus: false });
  wake();
  await run(loadProviders);
}

function goTo(wanted, { focus = true } = {}) {
  const own = state.setup.places.at(-1).id;
  const channel = wanted === "dm" ? own : wanted;
  state.channel = place(channel) ? channel : state.setup.places[0].id;
  state.unread.delete(state.channel);
  state.thread = "";
  state.editing = "";
  history.replaceState(null, "", `#${state.channel === own ? "dm" : state.channel}`);
  document.body.dataset.pane = "messages";
  draw({ toEnd: true });
  composers.main.open({ focus });
}

function openThread(entry) {
  state.thread = entry.thread || entry.id;
  draw();
  byId("thread-scroll").scrollTop = byId("thread-scroll").scrollHeight;
  composers.thread.open();
}

function closeThread() {
  const root = state.thread;
  state.thread = "";
  draw();
  byId("messages").querySelector(`.thread-link[data-id="${CSS.escape(root)}"] button`)?.focus();
}

async function press(name, entry, done, already = "That was asked already.") {
  const key = `${name}:${entry.question}${["again", "small"].includes(name) ? `:${entry.revision}` : ""}`;
  state.pressed.add(key);
  draw();
  const said = await run(() => api.press(name, state.user, entry.question));
  if (!said) state.pressed.delete(key);
  else toast(said.taken === "duplicate" ? already : done);
  state.showEnd = Boolean(said);
  draw();
}

function edit(id) {
  state.editing = id;
  draw();
  document.querySelector(`[data-edit="${CSS.escape(id)}"]`)?.focus();
}

async function saveEdit(id, field) {
  const text = field.value.trim();
  if (text && text !== state.entries.get(id).body.text && !(await run(() => api.edit(state.user, id, text)))) return;
  edit("");
}

const ACTIONS = {
  place: (node) => goTo(node.dataset.place),
  example: (node) => tryExample(composers.main, node.textContent),
  break: (node) => run(() => toggleProvider(node.closest("[data-model]").dataset.model)),
  reply: (_, entry) => openThread(entry),
  helpful: (_, entry) => run(() => api.press("helpful", state.user, entry.question), "Thanks."),
  flag: (_, entry) => openFlag(entry.question),
  why: async (_, entry) => {
    const why = await run(() => api.why(state.user, entry.question));
    if (why) openWhy(why);
  },
  escalate: (_, entry) => press("escalate", entry, "The frontier model is asked."),
  live: (_, entry) => press("live", entry, "A model is asked now."),
  mismatch: (_, entry) => press("mismatch", entry, `${DIFFERS} A model is asked now.`, `${DIFFERS} A model was asked already.`),
  again: (_, entry) => press("again", entry, "Trying again.", "It is being tried already."),
  small: (_, entry) => press("small", entry, "The small model is asked."),
  budget: (_, entry) => press("budget", entry, "The operators are asked.", "The operators were asked already."),
  tell: (_, entry) => press("tell", entry, "You will be told, once, when it is back.", "You will be told already."),
  edit: (_, entry) => edit(entry.id),
  delete: (_, entry) => openDelete(entry.id),
  "save-edit": (node, entry) => saveEdit(entry.id, node.closest(".edit").querySelector("textarea")),
  "cancel-edit": () => edit(""),
};

function wire() {
  for (const [id, name] of [["to-channels", "back"], ["thread-back", "back"], ["thread-close", "close"]]) byId(id).append(icon(name, 20));
  byId("to-channels").addEventListener("click", () => {
    document.body.dataset.pane = "channels";
    byId("channels").querySelector("button").focus();
  });
  for (const id of ["thread-back", "thread-close"]) byId(id).addEventListener("click", closeThread);
  document.addEventListener("click", (event) => {
    const node = event.target.closest("[data-action]");
    if (node) ACTIONS[node.dataset.action](node, state.entries.get(node.closest("[data-id]")?.dataset.id));
  });
  document.addEventListener("change", (event) => {
    const { choose } = event.target.dataset;
    if (choose) run(() => chooseFault(choose, event.target.value, event.target.closest(".provider").classList.contains("broken")));
  });
  document.addEventListener("keydown", key);
  byId("who").addEventListener("submit", (event) => event.preventDefault());
  byId("name").addEventListener("change", (event) => start(event.target.value));
  addEventListener("hashchange", () => goTo(location.hash.slice(1)));
  document.addEventListener("visibilitychange", () => wake());
  wireDialogs(run);
}

function key(event) {
  const editing = event.target.dataset?.edit;
  if (event.key === "Enter" && editing && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    saveEdit(editing, event.target);
  } else if (event.key === "Escape" && !document.querySelector("dialog[open]")) {
    if (state.editing) edit("");
    else if (state.thread) closeThread();
  }
}

wire();
keepAges();
await start(new URLSearchParams(location.search).get("as") ?? localStorage.getItem(NAME_KEY) ?? FIRST_NAME);
if (!state.user) await start(FIRST_NAME);
if (state.user) await pollForever();
