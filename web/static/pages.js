// What pages do beyond plain HTML: every function here only makes quicker what works without it.
"use strict";

function confirmFirst(event) {
  const button = event.target.closest("[data-confirm]");
  if (button && !window.confirm(button.dataset.confirm)) event.preventDefault();
}

function countPicked(event) {
  const form = event.target.closest("form");
  const bar = form && form.querySelector("[data-bulk] [data-count]");
  if (!bar || event.target.name !== "task") return;
  const picked = form.querySelectorAll("input[name=task]:checked").length;
  bar.dataset.idle = bar.dataset.idle || bar.textContent;
  bar.textContent = picked ? bar.dataset.count.replace("{n}", picked) : bar.dataset.idle;
  event.target.closest("tr").classList.toggle("is-picked", event.target.checked);
}

// Conditions, options and sums are the server's: after a change that matters the form is drawn anew.
// What is typed meanwhile must not be overwritten by an answer that does not know it: then it is asked again.
let refreshing = 0;
let typed = 0;
document.addEventListener("input", () => { typed += 1; });
async function refreshForm(event) {
  const body = event.target.closest("[data-form]");
  if (!body || !event.target.closest("[data-recompute]")) return;
  const ticket = ++refreshing;
  const before = typed;
  const fields = new FormData(body.closest("form"));
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  const answer = await fetch(body.dataset.refresh, { method: "POST", body: fields });
  if (!answer.ok || ticket !== refreshing) return;
  const html = await answer.text();
  if (typed !== before) return refreshForm(event);
  const focused = document.activeElement && document.activeElement.id;
  const files = [...body.querySelectorAll("input[type=file]")].filter((input) => input.files.length);
  const unfolded = [...body.querySelectorAll("details")].map((one) => one.open);
  body.innerHTML = html;
  const folds = [...body.querySelectorAll("details")];
  if (folds.length === unfolded.length) folds.forEach((one, place) => { one.open = unfolded[place]; });
  for (const input of files) {
    const place = [...body.querySelectorAll("input[type=file]")].find((other) => other.name === input.name);
    if (place) place.replaceWith(input);
    nameFiles({ target: input });
  }
  const again = focused && document.getElementById(focused);
  if (again) again.focus();
}

// Beside the button of a file field: the names of the files chosen.
function nameFiles(event) {
  const choice = event.target.closest(".file-choice");
  const names = choice && choice.querySelector(".file-names");
  if (!names) return;
  const chosen = [...event.target.files].map((file) => file.name);
  names.textContent = chosen.join(", ") || names.dataset.none;
  names.classList.toggle("quiet", !chosen.length);
}

// A ballot's choices stay in the page: counted here, never stored, never sent before handing in.
function readWay(group) {
  const way = group.querySelector("input[data-way]:checked");
  return way ? way.value : "";
}

function applyWay(group) {
  const way = readWay(group);
  group.querySelector("[data-lines]").hidden = way === "";
  for (const line of group.querySelectorAll("[data-line]")) {
    if (way === "each" || line.dataset.touched) continue;
    const choice = { agree: "agree", disagree: "disagree", blank: "blank" }[way];
    for (const input of line.querySelectorAll("input[type=radio]")) input.checked = input.value === choice;
  }
}

function summarise(ballot) {
  let open = 0;
  const all = { agree: 0, disagree: 0, blank: 0 };
  for (const group of ballot.querySelectorAll("[data-group]")) {
    const sums = { agree: 0, disagree: 0, blank: 0 };
    for (const line of group.querySelectorAll("[data-line]")) {
      const chosen = line.querySelector("input:checked");
      if (chosen) { sums[chosen.value] += 1; all[chosen.value] += 1; } else open += 1;
    }
    const row = document.querySelector(`[data-sum="${group.dataset.group}"]`);
    for (const name of Object.keys(sums)) if (row) row.querySelector(`[data-${name}]`).textContent = sums[name];
  }
  for (const total of document.querySelectorAll("[data-total]"))
    for (const name of Object.keys(all)) {
      const cell = total.querySelector(`[data-${name}]`);
      if (cell) cell.textContent = all[name];
    }
  for (const left of document.querySelectorAll("[data-left]")) {
    left.textContent = open ? left.dataset.left.replace("{n}", open) : left.dataset.ready;
  }
  for (const button of document.querySelectorAll("button[form=phieu][data-cast]")) button.disabled = open > 0;
}

function watchBallot(ballot) {
  ballot.addEventListener("change", (event) => {
    const group = event.target.closest("[data-group]");
    if (event.target.dataset.way !== undefined) {
      for (const line of group.querySelectorAll("[data-line]")) delete line.dataset.touched;
      applyWay(group);
    } else {
      const line = event.target.closest("[data-line]");
      if (line) line.dataset.touched = "yes";
    }
    summarise(ballot);
  });
  ballot.addEventListener("input", (event) => {
    if (event.target.dataset.find === undefined) return;
    const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
    const wanted = fold(event.target.value.trim());
    for (const line of event.target.closest("[data-group]").querySelectorAll("[data-lines] li"))
      line.hidden = wanted !== "" && !fold(line.textContent).includes(wanted);
  });
  for (const group of ballot.querySelectorAll("[data-group]"))
    group.querySelector("[data-lines]").hidden = !group.querySelector("input[data-way]:checked");
  summarise(ballot);
}

// On the signing page a line that is pulled out asks for its reason.
function askReason(event) {
  const select = event.target.closest("select[data-pull]");
  if (select) document.getElementById(select.dataset.pull).hidden = select.value === "included";
}

// A value that is shown once is copied by a press; where that is not allowed it is marked for Ctrl-C.
async function copyValue(event) {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    return;
  }
  button.querySelector("span").textContent = button.dataset.copied;
}

// The key x ticks the row that j and k have reached.
function tickRow(event) {
  if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const box = document.querySelector("tr.is-cursor input[type=checkbox]");
  if (box) box.click();
}

document.addEventListener("keydown", tickRow);
document.addEventListener("click", confirmFirst);
document.addEventListener("click", copyValue);
document.addEventListener("change", countPicked);
document.addEventListener("change", refreshForm);
document.addEventListener("change", nameFiles);
document.documentElement.classList.add("has-scripts");
document.addEventListener("change", askReason);
document.addEventListener("DOMContentLoaded", () => {
  const ballot = document.querySelector("form[data-ballot]");
  if (ballot) watchBallot(ballot);
  const first = document.querySelector("[data-focus]");
  if (first) first.focus();
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
});
