// The studio's pages round the editors: what makes them quicker, nothing they need.
"use strict";

// The key that a name gets, as the server makes it: words without marks, joined by "_".
function keyOf(name) {
  const plain = name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "").slice(0, 60).replace(/_+$/, "");
}

function proposeKey(event) {
  const form = event.target.form;
  const key = form && (form.elements.key || form.elements.id);
  if (event.target.name === "name" && key) key.placeholder = keyOf(event.target.value);
}

// Above the editor: how much must be mended before the draft can be submitted.
function countStanding(list, note) {
  const count = Number(list.dataset.errors || 0) + Number(list.dataset.needs || 0);
  note.textContent = count ? note.dataset.stands.replace("{n}", count) : "";
}

function watchProblems() {
  const list = document.getElementById("studio-problems");
  const note = document.querySelector("[data-stands]");
  if (!list || !note) return;
  countStanding(list, note);
  new MutationObserver(() => countStanding(list, note)).observe(list, {
    attributeFilter: ["data-errors", "data-needs"],
  });
}

document.addEventListener("input", proposeKey);
document.addEventListener("DOMContentLoaded", watchProblems);
