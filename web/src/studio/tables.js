// The editor of decision tables: dmn-js in the words of this house, and a box that tries a table.
import Modeler from "dmn-js/lib/Modeler";
import { HIT_POLICIES } from "dmn-js-decision-table/lib/features/hit-policy/HitPolicies";

import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-font/css/dmn-embedded.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression.css";
import "dmn-js/dist/assets/dmn-js-boxed-expression-controls.css";
import "./studio.css";
import "./parts.css";

import { button, call, openDraft } from "./draft.js";
import { make } from "./listing.js";
import { check, saveByKey, start } from "./opening.js";
import translating from "./translating.js";
import { word } from "./words.js";
import VIETNAMESE from "./words_vi_tables.js";

const VIEWS = ["drd", "decisionTable", "literalExpression", "boxedExpression"];

async function edit(place) {
  const views = make("nav", "file-row table-views");
  views.setAttribute("aria-label", word("table_views"));
  const bench = make("div", "table-bench");
  const trial = make("section", "table-trial");
  const draft = openDraft(place, {
    getContent: async () => (await modeler.saveXML({ format: true })).xml,
    show: (content) => show(content),
    saved: () => check(draft, place.dataset.file, { mark, select }),
  });
  const xml = await draft.load();
  place.replaceChildren(views, bench, policies(place.dataset.lang), trial);
  const spoken = { additionalModules: [translating(place.dataset.lang, VIETNAMESE)] };
  const modeler = new Modeler({ container: bench, ...Object.fromEntries(VIEWS.map((view) => [view, spoken])) });

  modeler.on("viewer.created", ({ viewer }) => {
    viewer.on("commandStack.changed", ({ trigger }) => {
      if (trigger !== "clear") draft.changed();
    });
  });
  modeler.on("views.changed", ({ views: all, activeView }) => {
    showViews(all, activeView);
    showTrial(activeView);
  });

  function showViews(all, active) {
    const shown = all.map((view) => {
      const isActive = view.element === active?.element;
      const chosen = button(nameOf(view), () => modeler.open(view), isActive ? "is-on" : "");
      if (isActive) chosen.setAttribute("aria-current", "true");
      return chosen;
    });
    views.replaceChildren(...shown);
  }

  // "Try the table": a box for each value that the decision reads, and the rules that fire.
  async function showTrial(view) {
    const isDecision = view && view.type !== "drd" && view.element.$type === "dmn:Decision";
    trial.hidden = !isDecision;
    if (!isDecision || trial.dataset.decision === view.id) return;
    trial.dataset.decision = view.id;
    await ask(view.id);
  }

  async function ask(decision) {
    const { inputs = [], error } = await decide(decision, null);
    const boxes = inputs.map((name) => {
      const box = Object.assign(make("input", "input"), { name, id: `trial-${name}` });
      return make("div", "field", Object.assign(make("label", "label", name), { htmlFor: box.id }), box);
    });
    const outcome = make("div", "table-outcome", error ? make("p", "wrong", error) : "");
    outcome.setAttribute("role", "status");
    const form = make("form", "table-inputs", ...boxes);
    const run = make("button", "button button--small", word("table_try"));
    form.append(run);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await draft.flush();
      const values = Object.fromEntries(new FormData(form));
      showOutcome(outcome, await decide(decision, values));
    });
    trial.replaceChildren(make("h3", "", word("table_trial")), make("p", "hint", word("table_trial_hint")), form, outcome);
  }

  async function decide(decision, inputs) {
    const asked = new URLSearchParams({ file: place.dataset.file, decision });
    const body = JSON.stringify({ inputs });
    const headers = { "Content-Type": "application/json" };
    return (await call(`${place.dataset.draft}/decide?${asked}`, { method: "POST", body, headers })).json();
  }

  function showOutcome(outcome, { value, tables = [], error }) {
    const hits = tables.flatMap((table) => table.hits.map((hit) => ({ ...hit, id: table.id, table: table.name })));
    light(hits);
    if (error) return outcome.replaceChildren(make("p", "wrong", error));
    const lines = hits.map((hit) => make("li", "", word("table_hit", { ...hit }), hit.notes ? make("span", "sub", hit.notes) : ""));
    outcome.replaceChildren(
      make("p", "", make("b", "", word("table_answer", { value }))),
      lines.length ? make("ul", "plain-list", ...lines) : make("p", "quiet", word("table_no_hit")),
    );
  }

  // Rules are told by their number: those of a file from elsewhere may have no id.
  function light(hits) {
    for (const cell of bench.querySelectorAll(".has-fired")) cell.classList.remove("has-fired");
    const { rows } = modeler.getActiveViewer().get("sheet").getRoot();
    for (const { id, number } of hits) {
      if (id !== modeler.getActiveView().element.id) continue;
      for (const cell of bench.querySelectorAll(`[data-row-id="${CSS.escape(rows[number - 1]?.id)}"]`)) cell.classList.add("has-fired");
    }
  }

  function mark(problems) {
    for (const cell of bench.querySelectorAll(".has-problem")) cell.classList.remove("has-problem");
    for (const { element_id, part_id, message } of problems) {
      const id = part_id || element_id;
      const found = id && bench.querySelector(`[data-element-id="${CSS.escape(id)}"]`);
      if (!found) continue;
      found.classList.add("has-problem");
      found.title = message;
    }
  }

  async function select({ element_id, part_id }) {
    const id = part_id || element_id;
    const view = modeler.getViews().find(({ element }) => element.id === id || holds(element, id));
    if (view && view.element !== modeler.getActiveView()?.element) await modeler.open(view);
    bench.querySelector(`[data-element-id="${CSS.escape(id || "")}"]`)?.scrollIntoView({ block: "center" });
    bench.scrollIntoView({ block: "nearest" });
  }

  // People come for the rules: the first table opens, the map of decisions is one press away.
  async function show(content) {
    await modeler.importXML(content, { open: false });
    const all = modeler.getViews();
    await modeler.open(all.find(({ type }) => type === "decisionTable") || all[0]);
  }

  await show(xml);
  saveByKey(draft);
  check(draft, place.dataset.file, { mark, select });
}

function holds(element, id) {
  const rules = element.decisionLogic?.rule || [];
  return rules.some((rule) => rule.id === id || [...(rule.inputEntry || []), ...(rule.outputEntry || [])].some((cell) => cell.id === id));
}

function nameOf({ type, element }) {
  return type === "drd" ? word("table_map") : element.name || element.id;
}

// What each hit policy means, for those who choose one above the table.
function policies(language) {
  const speak = (text) => (language === "vi" && VIETNAMESE[text.toLowerCase()]) || text;
  const terms = HIT_POLICIES.flatMap(({ label, explanation }) => [make("dt", "", speak(label)), make("dd", "", speak(explanation))]);
  return make("details", "table-policies", make("summary", "", word("table_policies")), make("dl", "", ...terms));
}

start("studio-tables", edit);
