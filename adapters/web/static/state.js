// What the page knows: the entries that it may see, and where its user is.

export const state = {
  user: "",
  setup: null,
  channel: "",
  thread: "",
  revision: 0,
  loaded: false,
  showEnd: false,
  epoch: 0,
  editing: "",
  entries: new Map(),
  marks: new Map(),
  unread: new Map(),
  pressed: new Set(),
};

/** Start over as another person. */
export function become(setup) {
  Object.assign(state, { user: setup.user, setup, thread: "", revision: 0, loaded: false, editing: "", epoch: state.epoch + 1 });
  for (const kept of [state.entries, state.marks, state.unread, state.pressed]) kept.clear();
}

/** Take a page of changes in; return the entries that have something new to say. */
export function apply(page) {
  const news = [];
  for (const raw of page.entries) {
    const entry = { ...raw, body: raw.body ? JSON.parse(raw.body) : {}, time: Date.parse(raw.at) };
    const before = state.entries.get(entry.id);
    if (entry.body.kind === "mark") {
      state.marks.set(entry.body.answers, { ...entry.body, revision: entry.revision });
      continue;
    }
    if (entry.body.kind === "pressed") {
      state.pressed.add(`${entry.body.button}:${entry.body.answers}`);
      continue;
    }
    state.entries.set(entry.id, entry);
    if (!entry.deleted && (!before || before.body.kind !== entry.body.kind)) news.push(entry);
  }
  state.revision = page.revision;
  return news;
}

export function isBot(entry) {
  return entry.author === state.setup.bot;
}

export function isDirect(channel) {
  return channel.startsWith("dm:");
}

function inOrder(one, other) {
  return one.time - other.time || (isBot(one) ? 1 : 0) - (isBot(other) ? 1 : 0) || one.id.localeCompare(other.id);
}

/** The messages that start a conversation in a channel. A deleted one stays while something hangs on it. */
export function roots(channel) {
  const found = [...state.entries.values()].filter((entry) => entry.channel === channel && !state.entries.has(entry.thread));
  return found.filter((entry) => !entry.deleted || replies(entry.id).length).sort(inOrder);
}

export function replies(rootId) {
  return [...state.entries.values()].filter((entry) => entry.thread === rootId && !entry.deleted).sort(inOrder);
}

/** Whether replies in a thread go to the bot without a mention. */
export function isOurs(root) {
  return Boolean(root) && (root.question !== "" || replies(root.id).some((entry) => entry.question !== ""));
}

/** Whether somebody asked for a better answer than this one already. */
export function wasBettered(question) {
  return [...state.entries.values()].some((entry) => entry.body.parent === question && !entry.deleted);
}
