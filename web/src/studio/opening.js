// Starts the editor of the page and keeps its problems listed: what the editors of all kinds of files share.
import { call } from "./draft.js";
import { inOrder, linkTo, list, make } from "./listing.js";
import { word } from "./words.js";

// Runs `edit(place)` on the editor's element, if the page has it; what goes wrong is said in its place.
export function start(id, edit) {
  const place = document.getElementById(id);
  if (!place) return;
  edit(place).then(
    () => {
      place.dataset.state = "ready";
    },
    (error) => {
      console.error(error);
      place.dataset.state = "failed";
      place.replaceChildren(make("div", "panel-body", make("p", "", word("not_shown"))));
    },
  );
}

export async function read(address) {
  const answer = await call(address);
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}

// Ctrl + S saves at once.
export function saveByKey(draft) {
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
    event.preventDefault();
    draft.flush();
  });
}

// Lists what the server finds in the draft as it is saved; `mark` gets the problems of this file, `select` the one chosen.
export async function check(draft, file, { mark, select }) {
  const answer = await draft.post("check").catch(() => null);
  if (!answer?.ok) return;
  const problems = inOrder((await answer.json()).problems);
  list(problems, { link: (problem) => linkTo(problem, file, select) });
  mark(problems.filter((problem) => problem.file === file));
}

// Calls `act` once, `delay` after the last of many calls.
export function calmed(act, delay) {
  let timer = 0;
  return () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(act, delay);
  };
}
