// Lists problems below an editor; each line leads to what it is about.
import { word } from "./words.js";

const ORDER = ["error", "needs", "note"];
const CHIPS = { error: "stop", needs: "stop", note: "warn" };

// Shows the problems in #studio-problems, the gravest first. `link` gives the element that names where a problem is,
// `kind` the small line below it, `mends` what offers to mend it.
export function list(problems, { link, kind = ({ file }) => file, mends = () => "" }) {
  const place = document.getElementById("studio-problems");
  if (!place) return;
  place.replaceChildren(head(problems), table(problems, { link, kind, mends }));
  for (const [name, level] of [["errors", "error"], ["needs", "needs"]]) place.dataset[name] = count(problems, level);
}

export function inOrder(problems) {
  return [...problems].sort((one, other) => ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity));
}

// The link of a problem: within the file on the page it calls `select`, otherwise it opens the other file.
export function linkTo(problem, file, select) {
  const link = make("a", "main-link", problem.element_name || problem.element_id || word("whole_file"));
  const isHere = problem.file === file;
  link.href = isHere ? `#${problem.element_id || ""}` : `?file=${encodeURIComponent(problem.file)}`;
  if (isHere)
    link.addEventListener("click", (event) => {
      event.preventDefault();
      select(problem);
    });
  return link;
}

export function make(tag, className = "", ...content) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...content);
  return made;
}

function head(problems) {
  const chips = make("span", "button-row");
  for (const severity of ORDER) {
    const number = count(problems, severity);
    if (number) chips.append(make("span", `chip chip--${CHIPS[severity]}`, word(`count_${severity}`, { count: number })));
  }
  return make("div", "panel-head", make("h2", "", word("problems")), chips);
}

function table(problems, { link, kind, mends }) {
  if (!problems.length) return make("div", "panel-body", make("p", "quiet", word("no_problems")));
  const made = make("table", "data cards");
  const titles = ["problem_level", "problem_element", "problem_what", "problem_mend"];
  made.createTHead().insertRow().append(...titles.map((key) => Object.assign(make("th", "", word(key)), { scope: "col" })));
  const body = made.createTBody();
  problems.forEach((problem, index) => {
    const level = make("span", `chip chip--${CHIPS[problem.severity]}`, word(`level_${problem.severity}`, { number: index + 1 }));
    const where = make("th", "", link(problem), make("span", "sub", kind(problem)));
    where.scope = "row";
    const row = make("tr", "", make("td", "", level), where, make("td", "", problem.message), make("td", "", mends(problem)));
    row.dataset.code = problem.code;
    body.append(row);
  });
  return made;
}

function count(problems, severity) {
  return problems.filter((problem) => problem.severity === severity).length;
}
