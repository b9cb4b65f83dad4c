// The editor of the texts of mails and documents: both languages side by side, and how they will read.
import "./studio.css";
import "./parts.css";

import { call, openDraft } from "./draft.js";
import { make } from "./listing.js";
import { calmed, check, read, saveByKey, start } from "./opening.js";
import { word } from "./words.js";

const PREVIEW_AFTER_MS = 400;
const LANGUAGES = ["vi", "en"];
const MEMBERS = { mail: ["name", "subject", "body"], document: ["name", "body"] };
const PLACE = /\{\{\s*([^{}\s]+)\s*\}\}/g;

async function edit(place) {
  const base = place.dataset.draft;
  const state = { text: {}, samples: {} };
  const draft = openDraft(place, {
    getContent: async () => `${JSON.stringify(state.text, null, 2)}\n`,
    show: (content) => show(content),
    saved: () => check(draft, place.dataset.file, { mark, select }),
  });
  const [content, { variables }] = await Promise.all([draft.load(), read(`${base}/lists`)]);
  const words = make("div", "text-words");
  const samples = make("div", "text-samples");
  const sheets = make("div", "text-sheets");
  place.replaceChildren(
    make("div", "text-desk", words, make("div", "text-aside", pool(variables, insert), samples)),
    make("h3", "text-heading", word("text_preview")),
    sheets,
  );
  const later = calmed(preview, PREVIEW_AFTER_MS);

  function show(loaded) {
    state.text = JSON.parse(loaded);
    const members = MEMBERS[state.text.type] || MEMBERS.document;
    words.replaceChildren(...LANGUAGES.map((language) => column(state.text, members, language, write)));
    state.last = words.querySelector("textarea");
    changed();
  }

  function write(member, value) {
    state.text[member] = value;
    draft.changed();
    changed();
  }

  function changed() {
    showSamples();
    later();
  }

  // Puts a place for a variable where the cursor is.
  function insert(name) {
    const control = state.last;
    control.setRangeText(`{{ ${name} }}`, control.selectionStart, control.selectionEnd, "end");
    control.dispatchEvent(new Event("input"));
    control.focus();
  }

  // One box for each variable that the text reads, to see the text with a value like those it will get.
  function showSamples() {
    const paths = pathsOf(state.text);
    if (samples.dataset.paths === paths.join()) return;
    samples.dataset.paths = paths.join();
    const about = new Map(variables.map(({ name, info }) => [name, info]));
    const boxes = paths.map((path) => {
      state.samples[path] ??= about.get(path) || path;
      const box = Object.assign(make("input", "input"), { value: state.samples[path], id: `sample-${path}` });
      box.addEventListener("input", () => {
        state.samples[path] = box.value;
        later();
      });
      return make("div", "field", label(box.id, path), box);
    });
    samples.replaceChildren(...(boxes.length ? [make("h3", "", word("text_samples")), ...boxes] : []));
  }

  async function preview() {
    const shown = await Promise.all(
      LANGUAGES.map(async (language) => {
        const body = JSON.stringify({ text: state.text, samples: state.samples });
        const headers = { "Content-Type": "application/json" };
        const answer = await call(`${base}/text-preview?lang=${language}`, { method: "POST", body, headers });
        return answer.ok ? sheet(await answer.text(), language) : "";
      }),
    );
    sheets.replaceChildren(...shown);
  }

  function mark(problems) {
    for (const note of words.querySelectorAll(".wrong")) note.remove();
    for (const field of words.querySelectorAll(".is-wrong")) field.classList.remove("is-wrong");
    for (const { element_id: member, message } of problems) {
      const control = document.getElementById(`text-${member}`);
      if (!control) continue;
      control.parentElement.classList.add("is-wrong");
      control.before(make("p", "wrong", message));
    }
  }

  function select({ element_id: member }) {
    document.getElementById(`text-${member}`)?.focus();
  }

  words.addEventListener("focusin", ({ target }) => {
    if (!target.id.startsWith("text-name")) state.last = target;
  });
  show(content);
  saveByKey(draft);
  check(draft, place.dataset.file, { mark, select });
}

function column(text, members, language, write) {
  const fields = members.map((plain) => {
    const member = language === "en" ? `${plain}_en` : plain;
    const control = make(plain === "body" ? "textarea" : "input", "input");
    Object.assign(control, { id: `text-${member}`, value: text[member] ?? "", lang: language });
    if (plain === "body") control.rows = 12;
    control.addEventListener("input", () => write(member, control.value));
    return make("div", "field", label(control.id, word(`text_${plain}`)), control);
  });
  return make("fieldset", "text-column", make("legend", "", word(`language_${language}`)), ...fields);
}

function label(id, sentence) {
  const made = make("label", "label", sentence);
  made.htmlFor = id;
  return made;
}

// The variables that something in the draft sets, each a button that puts it into the text.
function pool(variables, insert) {
  const rows = variables.map(({ name, info, origin }) => {
    const chosen = make("button", "text-variable", make("b", "code", name), make("span", "sub", info || origin));
    chosen.type = "button";
    chosen.addEventListener("click", () => insert(name));
    return make("li", "", chosen);
  });
  const listed = rows.length ? make("ul", "plain-list", ...rows) : make("p", "quiet", word("text_no_variables"));
  return make("div", "text-pool", make("h3", "", word("text_variables")), make("p", "hint", word("text_variables_hint")), listed);
}

// The page of a mail as its reader gets it, kept apart from this page.
function sheet(html, language) {
  const frame = make("iframe", "text-sheet");
  Object.assign(frame, { title: word(`language_${language}`), srcdoc: html, lang: language });
  frame.setAttribute("sandbox", "");
  return frame;
}

function pathsOf(text) {
  const written = LANGUAGES.flatMap((language) => ["subject", "body"].map((part) => text[language === "en" ? `${part}_en` : part] || ""));
  return [...new Set(written.flatMap((part) => [...part.matchAll(PLACE)].map(([, path]) => path)))];
}

start("studio-texts", edit);
