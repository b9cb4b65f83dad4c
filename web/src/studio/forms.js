// The editor of forms: form-js for placing fields, a panel of our own for what they say and ask, and the form itself.
import { FormEditor } from "@bpmn-io/form-js-editor";

import "@bpmn-io/form-js-viewer/dist/assets/form-js.css";
import "@bpmn-io/form-js-editor/dist/assets/form-js-editor.css";
import "./studio.css";
import "./parts.css";

import { button, call, openDraft } from "./draft.js";
import { kinds } from "./form_kinds.js";
import { fieldPanel } from "./form_panel.js";
import { make } from "./listing.js";
import { calmed, check, saveByKey, start } from "./opening.js";
import { word } from "./words.js";

const PREVIEW_AFTER_MS = 500;

async function edit(place) {
  const { draft: base, file, lang } = place.dataset;
  const canvas = make("div", "form-canvas");
  const panel = make("aside", "form-panel");
  const preview = make("div", "form-preview");
  const state = { problems: [], language: lang };
  panel.setAttribute("aria-label", word("form_panel"));
  const draft = openDraft(place, {
    getContent: async () => written(schema()),
    show: (content) => show(content),
    saved: () => check(draft, file, { mark, select }),
  });
  const content = await draft.load();
  place.replaceChildren();
  // The palette and the panel of form-js speak English alone and offer what we refuse: ours stand in their places.
  const editor = new FormEditor({
    container: canvas,
    palette: { parent: document.createElement("div") },
    additionalModules: [
      { propertiesPanel: ["value", { registerProvider() {}, attachTo() {} }] },
      { templating: ["value", { isTemplate: () => false, evaluate: (text) => text }] }, // places are shown as written
    ],
  });
  place.append(palette(editor), canvas, panel, make("div", "form-sight", sightHead(), preview));
  const later = calmed(refresh, PREVIEW_AFTER_MS);

  async function show(loaded) {
    const read = JSON.parse(loaded);
    state.schemaVersion = read.schemaVersion;
    await editor.importSchema(read);
    await refresh();
    showPanel();
  }

  // What we let people write is older than the newest version, so the file keeps its own.
  function schema() {
    return { ...editor.saveSchema(), schemaVersion: state.schemaVersion };
  }

  function changed() {
    draft.changed();
    later();
  }

  function showPanel() {
    const selected = editor.get("selection").get();
    const field = selected && editor.get("formFieldRegistry").get(selected.id);
    panel.replaceChildren(...fieldPanel(editor, field || editor._getState().schema, state.problems));
  }

  async function refresh() {
    const asked = new URLSearchParams({ file, lang: state.language });
    const answer = await call(`${base}/preview?${asked}`, { method: "POST", body: written(schema()) });
    if (answer.ok) preview.innerHTML = await answer.text();
  }

  function sightHead() {
    const choices = ["vi", "en"].map((language) => {
      const chosen = button(word(`language_${language}`), () => {
        state.language = language;
        for (const one of choices) one.setAttribute("aria-pressed", String(one === chosen));
        return refresh();
      });
      chosen.setAttribute("aria-pressed", String(language === state.language));
      return chosen;
    });
    return make("div", "form-sight-head", make("h3", "", word("form_preview")), make("span", "button-row", ...choices));
  }

  function mark(problems) {
    state.problems = problems;
    for (const one of canvas.querySelectorAll(".has-problem")) one.classList.remove("has-problem");
    for (const { element_id: id } of problems)
      if (id) canvas.querySelector(`.fjs-element[data-id="${CSS.escape(id)}"]`)?.classList.add("has-problem");
    if (!panel.contains(document.activeElement)) showPanel();
  }

  function select({ element_id: id }) {
    const field = id && editor.get("formFieldRegistry").get(id);
    if (field) editor.get("selection").set(field);
    canvas.querySelector(`.fjs-element[data-id="${CSS.escape(id || "")}"]`)?.scrollIntoView({ block: "center" });
  }

  await show(content);
  editor.on("commandStack.changed", ({ trigger }) => {
    if (trigger === "clear") return;
    changed();
    if (trigger !== "execute") showPanel();
  });
  editor.on("selection.changed", () => window.setTimeout(showPanel));
  saveByKey(draft);
  check(draft, file, { mark, select });
}

// Fields that a form may have, to drag into it or to add below the selected one.
function palette(editor) {
  const groups = Object.entries(kinds).map(([group, types]) =>
    make("div", "", make("h3", "", word(`form_group_${group}`)), make("div", "fjs-drag-container fjs-no-drop", ...types.map(entry))),
  );
  function entry(type) {
    const made = make("button", "fjs-palette-field fjs-drag-copy fjs-no-drop form-kind", word(`form_kind_${type}`));
    made.type = "button";
    made.dataset.fieldType = type;
    made.addEventListener("click", () => add(type));
    return made;
  }
  function add(type) {
    const registry = editor.get("formFieldRegistry");
    const { schema } = editor._getState();
    const selected = registry.get(editor.get("selection").get()?.id) || schema;
    const parent = selected.components ? selected : registry.get(selected._parent) || schema;
    const at = parent === selected ? parent.components.length : parent.components.indexOf(selected) + 1;
    const label = word(`form_kind_${type}`);
    const made = editor.get("modeling").addFormField({ type, ...(type === "text" ? { text: label } : { label }) }, parent, at);
    editor.get("selection").set(made);
  }
  return make("div", "palette form-palette", ...groups);
}

// The schema as git likes it.
function written(schema) {
  return `${JSON.stringify(schema, null, 2)}\n`;
}

start("studio-forms", edit);
