// The page's requests to its server.

export class Problem extends Error {}

const UNREACHABLE = "The server cannot be reached. Your text is still here: try again.";

async function call(method, path, body) {
  const options = { method, headers: {}, cache: "no-store" };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Problem(UNREACHABLE);
  }
  const said = await response.json().catch(() => ({}));
  if (!response.ok) throw new Problem(sentence(said.error ?? `the server answered ${response.status}`));
  return said;
}

function sentence(text) {
  const plain = text.replace(/^(text|user|comment|reason): /, "");
  return plain.charAt(0).toUpperCase() + plain.slice(1) + (/[.!?]$/.test(plain) ? "" : ".");
}

export const api = {
  setup: (user) => call("GET", `/web/setup?${new URLSearchParams({ user })}`),
  changes: (user, since) => call("GET", `/web/messages?${new URLSearchParams({ user, since })}`),
  say: (message) => call("POST", "/web/messages", message),
  edit: (user, message, text) => call("POST", "/web/edit", { id: crypto.randomUUID(), user, message, text }),
  delete: (user, message) => call("POST", "/web/delete", { user, message }),
  flag: (user, question, reason, comment) => call("POST", "/web/flag", { user, question, reason, comment }),
  press: (name, user, question) => call("POST", `/web/${name}`, { id: crypto.randomUUID(), user, question }),
  why: (user, question) => call("GET", `/web/why/${encodeURIComponent(question)}?${new URLSearchParams({ user })}`),
  faults: () => call("GET", "/web/faults"),
  setFault: (model, fault) => call("PUT", "/web/faults", { model, fault }),
};
