// The panel that breaks the simulated providers, so that anybody can watch the answers fall back.

import { api } from "./api.js";
import { byId, el, reconcile } from "./dom.js";
import { state } from "./state.js";

const chosen = new Map();

/** Read and show what is broken; a server without simulated models has no panel. */
export async function loadProviders() {
  byId("providers").hidden = !state.setup.demo;
  if (state.setup.demo) show(await api.faults());
}

/** Break a working provider in the chosen way, or mend a broken one. */
export async function toggleProvider(model) {
  const node = byId("provider-list").querySelector(`[data-model="${CSS.escape(model)}"]`);
  const broken = node.querySelector(".switch").getAttribute("aria-checked") === "true";
  show(await api.setFault(model, broken ? "" : node.querySelector("select").value));
}

/** Choose how a provider fails; a broken one changes at once. */
export async function chooseFault(model, fault, broken) {
  chosen.set(model, fault);
  if (broken) show(await api.setFault(model, fault));
}

function show(panel) {
  const items = panel.providers.map((provider) => {
    const build = () => providerNode(provider);
    return { key: provider.model, sign: `fault:${provider.fault}`, build };
  });
  reconcile(byId("provider-list"), items);
}

function providerNode(provider) {
  const broken = provider.fault !== "";
  const fault = provider.fault || chosen.get(provider.model) || provider.options[0].fault;
  const options = provider.options.map((option) => el("option", { value: option.fault, selected: option.fault === fault }, option.label));
  const id = `switch-${provider.name.replaceAll(" ", "-")}`;
  const props = { type: "button", id, class: "switch", role: "switch", "aria-checked": String(broken), "data-action": "break" };
  return el(
    "li",
    { class: broken ? "provider broken" : "provider", "data-model": provider.model },
    el("div", { class: "row" }, el("label", { class: "label", for: id }, `Break ${provider.name}`), el("button", props)),
    el("span", { class: "small-print" }, `${provider.role}: ${broken ? "broken" : "works"}`),
    el("select", { "aria-label": `How ${provider.name} fails`, "data-choose": provider.model }, ...options),
  );
}
