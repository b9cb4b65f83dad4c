// What every page has beyond plain HTML: drafts that save themselves, and the keyboard.
const SAVE_AFTER_MS = 1500;

// Drafts: what is typed is kept on the server; only its author reads it.
function watchDraft(form) {
  let timer = 0;
  let handedIn = false;
  const note = document.querySelector("[data-saved]");

  async function save() {
    const fields = new FormData(form);
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body: fields });
      if (answer.ok && note) note.textContent = (await answer.json()).message;
    } catch {
      // The network is away: the next change tries again, and the page still holds what was typed.
    }
  }

  function later() {
    window.clearTimeout(timer);
    if (!handedIn) timer = window.setTimeout(save, SAVE_AFTER_MS);
  }

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    handedIn = true;
    window.clearTimeout(timer);
  });
}

// The keyboard: j and k walk the rows of a list, Enter opens, / searches, ? helps, Esc leaves a field.
function rows() {
  return [...document.querySelectorAll("tr[data-href]")];
}

function walk(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.findIndex((row) => row.classList.contains("is-cursor"));
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  for (const row of all) row.classList.toggle("is-cursor", row === next);
  next.scrollIntoView({ block: "nearest" });
}

function open() {
  const row = document.querySelector("tr.is-cursor[data-href]");
  if (row) window.location.assign(row.dataset.href);
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  Enter: open,
  "/": () => document.querySelector("input[type=search]")?.focus(),
  "?": () => document.querySelector("a[href$='/help']")?.click(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, button, a, [contenteditable], summary");
  if (event.key === "Escape" && typing) event.target.blur();
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
});

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr[data-href]");
  const own = event.target.closest("a, button, input, label, select, textarea");
  if (row && !own && !window.getSelection().toString()) window.location.assign(row.dataset.href);
});

for (const form of document.querySelectorAll("form[data-autosave]")) watchDraft(form);
