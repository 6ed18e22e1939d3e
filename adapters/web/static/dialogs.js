// The dialogs: flag an answer, why this tier, delete a message.

import { api } from "./api.js";
import { byId, el } from "./dom.js";
import { badge, matched } from "./messages.js";
import { state } from "./state.js";

let flagged = "";
let doomed = "";

/** Wire the dialogs; `run` performs a request, shows what went wrong, and tells afterwards what was done. */
export function wireDialogs(run) {
  for (const close of document.querySelectorAll("[data-close]")) {
    close.addEventListener("click", () => close.closest("dialog").close());
  }
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }
  byId("flag-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = new FormData(byId("flag-form")).get("reason");
    const comment = byId("flag-comment").value;
    byId("flag-dialog").close();
    run(() => api.flag(state.user, flagged, reason, comment), "Flagged. Thanks: this answer will not be served again.");
  });
  byId("flag-retract").addEventListener("click", () => {
    byId("flag-dialog").close();
    run(() => api.press("retract", state.user, flagged), "Flag taken back.");
  });
  byId("delete-send").addEventListener("click", () => {
    byId("delete-dialog").close();
    run(() => api.delete(state.user, doomed), "Deleted.");
  });
}

export function openFlag(question) {
  flagged = question;
  const mark = state.marks.get(question);
  const already = mark?.state === "flagged";
  const options = state.setup.reasons.map(({ value, label }) => {
    const input = el("input", { type: "radio", name: "reason", value, required: true });
    input.checked = already && mark.reason === value;
    return el("label", { class: "reason" }, input, label);
  });
  byId("flag-reasons").replaceChildren(byId("flag-reasons").querySelector("legend"), ...options);
  byId("flag-comment").value = "";
  byId("flag-comment").maxLength = state.setup.max_comment;
  byId("flag-retract").hidden = !already;
  byId("flag-send").textContent = already ? "Change the flag" : "Flag the answer";
  byId("flag-dialog").showModal();
}

export function openDelete(message) {
  doomed = message;
  byId("delete-dialog").showModal();
}

export function openWhy(why) {
  const parts = [
    el("div", { class: "head" }, badge(why)),
    why.note ? el("p", {}, why.note) : null,
    ...(why.match ? [matched(why.match.question), el("p", { class: "quiet" }, `${why.match.certainty}: ${why.match.reason}`)] : []),
    el("h3", {}, "Reasons"),
    el("ul", {}, ...why.reasons.map((reason) => el("li", {}, reason))),
    why.attempts.length ? el("h3", {}, "Who was asked") : null,
    why.attempts.length ? attemptTable(why.attempts) : null,
    el("h3", {}, "Model and cost"),
    el("p", {}, [why.model, why.cost].filter(Boolean).join(" · ")),
  ];
  byId("why-body").replaceChildren(...parts.filter(Boolean));
  byId("why-dialog").showModal();
}

function attemptTable(attempts) {
  const header = el("tr", {}, ...["Tier", "Target", "Outcome", "Time"].map((name) => el("th", { scope: "col" }, name)));
  const rows = attempts.map((one) => el("tr", {}, ...[one.tier, one.target, one.outcome, one.seconds].map((cell) => el("td", {}, cell))));
  return el("table", {}, el("thead", {}, header), el("tbody", {}, ...rows));
}
