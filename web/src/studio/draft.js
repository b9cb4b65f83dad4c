// Keeps one file of a draft on the server: loads it, saves it as it changes, says who else has it open.
import { word } from "./words.js";

const SAVE_AFTER_MS = 800;
const RETRY_AFTER_MS = 5000;
const VISIT_EVERY_MS = 15000;

// `place` is the editor's element. `getContent` resolves to the text of the file; `show` puts a loaded text into the
// editor; `saved` is called after each save. Returns { load, changed, flush, post }.
export function openDraft(place, { getContent, show, saved = () => {} }) {
  const base = place.dataset.draft;
  const file = place.dataset.file;
  const address = `${base}/files/${encodeURIComponent(file)}`;
  const state = { sha256: place.dataset.sha256, edits: 0, kept: 0, timer: 0, saving: null, held: false };
  const isDirty = () => state.edits !== state.kept;

  async function load() {
    const answer = await call(address);
    if (!answer.ok) throw new Error(`the file answered ${answer.status}`);
    state.sha256 = digestOf(answer);
    state.kept = state.edits;
    return answer.text();
  }

  function changed() {
    state.edits += 1;
    if (!state.held) tell("is-changed", word("saving"));
    later(SAVE_AFTER_MS);
  }

  function later(delay) {
    window.clearTimeout(state.timer);
    if (!state.held) state.timer = window.setTimeout(flush, delay);
  }

  // One save at a time; what changes meanwhile goes with the next one.
  async function flush() {
    window.clearTimeout(state.timer);
    if (state.saving) {
      await state.saving;
      return isDirty() && flush();
    }
    if (!isDirty() || state.held) return undefined;
    state.saving = save();
    try {
      return await state.saving;
    } finally {
      state.saving = null;
    }
  }

  async function save() {
    const edits = state.edits;
    tell("is-saving", word("saving"));
    try {
      const body = await getContent();
      const answer = await call(address, { method: "PUT", body, headers: { "If-Match": `"${state.sha256}"` } });
      if (answer.status === 409) return conflict(await answer.json());
      if (answer.status === 422 || answer.status === 410) return tell("is-wrong", (await answer.json()).error);
      if (!answer.ok) throw new Error(`saving answered ${answer.status}`);
      const kept = await answer.json();
      state.sha256 = kept.sha256;
      state.kept = edits;
      if (!isDirty()) tell("is-saved", word("saved_at", { time: kept.saved_at_text, name: kept.saved_by }));
      await saved();
    } catch (error) {
      console.info(error);
      tell("is-wrong", word("not_saved"));
      later(RETRY_AFTER_MS);
    }
    if (state.edits !== edits) later(SAVE_AFTER_MS);
    return undefined;
  }

  // Somebody else saved since: nothing is written until one of the two is chosen.
  function conflict({ error, sha256 }) {
    state.held = true;
    const status = tell("is-conflict", error);
    status.append(button(word("conflict_reload"), reload), button(word("conflict_keep"), () => keep(sha256)));
  }

  async function reload() {
    state.held = false;
    await show(await load());
    tell("is-saved", word("reloaded"));
    await saved();
  }

  function keep(sha256) {
    Object.assign(state, { held: false, sha256, edits: state.edits + 1 });
    return flush();
  }

  async function visit() {
    if (document.hidden) return;
    const seen = state.sha256;
    const answer = await post("visit", { file }).catch(() => null);
    if (!answer?.ok) return;
    const { others, files } = await answer.json();
    showOthers(others, file);
    const theirs = files[file];
    const isOld = seen !== state.sha256; // this page itself has saved meanwhile
    if (!theirs || isOld || theirs === state.sha256 || state.saving || state.held) return;
    if (isDirty()) await flush();
    else conflict({ error: word("changed_elsewhere"), sha256: theirs });
  }

  function post(path, content = {}) {
    const body = typeof content === "string" ? content : JSON.stringify(content);
    return call(`${base}/${path}`, { method: "POST", body, headers: { "Content-Type": "application/json" } });
  }

  window.setInterval(visit, VISIT_EVERY_MS);
  document.addEventListener("visibilitychange", () => (document.hidden ? flush() : visit()));
  window.addEventListener("beforeunload", (event) => {
    if (isDirty()) event.preventDefault();
  });
  visit();
  return { load, changed, flush, post };
}

export function call(address, options = {}) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content || "";
  return fetch(address, {
    credentials: "same-origin",
    ...options,
    headers: { Accept: "application/json, */*", "X-CSRFToken": token, ...options.headers },
  });
}

export function button(label, act, kind = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button button--small ${kind}`.trim();
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function digestOf(answer) {
  return (answer.headers.get("ETag") || "").replace(/^W\/|"/g, "");
}

function tell(state, sentence) {
  const status = document.getElementById("studio-status") || document.createElement("span");
  status.dataset.state = state;
  status.setAttribute("role", state === "is-conflict" ? "alert" : "status");
  status.replaceChildren(sentence);
  return status;
}

function showOthers(others, file) {
  const place = document.getElementById("studio-others");
  if (!place) return;
  const lines = others.map((other) =>
    word(other.file === file ? "other_here" : "other_elsewhere", { name: other.name, file: other.file }),
  );
  place.replaceChildren(lines.join(" "));
  place.hidden = !lines.length;
}
