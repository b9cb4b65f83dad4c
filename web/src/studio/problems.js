// Lists what is wrong below the diagram and marks it in the diagram; each line leads to its element.
import { button } from "./draft.js";
import { lint, LOCAL_CODES } from "./lint.js";
import { inOrder, linkTo, list, make } from "./listing.js";

const LINT_AFTER_MS = 250;

export class Problems {
  constructor(modeler, file) {
    this._modeler = modeler;
    this._file = file;
    this._drawn = [];
    this._checked = [];
    this._timer = 0;
    this._marked = new Set();
    modeler.on("commandStack.changed", () => this.later());
    modeler.on("import.done", () => this.later());
  }

  later() {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this._lint(), LINT_AFTER_MS);
  }

  // What the server's check found in the draft as it is saved.
  take(problems) {
    this._checked = problems;
    this._show();
  }

  async _lint() {
    const registry = this._modeler.get("elementRegistry");
    this._drawn = await lint(this._modeler.getDefinitions(), registry, this._file);
    this._show();
  }

  // The server's words where both found it; of what can be seen while drawing, only what is still there.
  _all() {
    const key = ({ file, code, element_id: id }) => `${file} ${code} ${id}`;
    const drawn = new Map(this._drawn.map((problem) => [key(problem), problem]));
    const stands = (problem) => problem.file !== this._file || !LOCAL_CODES.has(problem.code) || drawn.has(key(problem));
    const checked = this._checked.filter(stands);
    const known = new Set(checked.map(key));
    const all = checked.map((problem) => ({ ...problem, mend: problem.mend || drawn.get(key(problem))?.mend }));
    const fresh = this._drawn.filter((problem) => !known.has(key(problem)));
    return inOrder([...all, ...fresh]);
  }

  _show() {
    const problems = this._all();
    this._mark(problems);
    list(problems, {
      link: (problem) => linkTo(problem, this._file, () => this.select(problem.element_id)),
      kind: (problem) => (problem.file === this._file ? this._kind(problem) : problem.file),
      mends: (problem) => this._mends(problem),
    });
  }

  _mark(problems) {
    const [canvas, overlays, registry] = ["canvas", "overlays", "elementRegistry"].map((name) => this._modeler.get(name));
    overlays.remove({ type: "studio-problem" });
    for (const id of this._marked) if (registry.get(id)) for (const kind of ["error", "needs", "note"]) canvas.removeMarker(id, `has-${kind}`);
    this._marked.clear();
    problems.forEach(({ file, element_id: id, severity, message }, index) => {
      const element = file === this._file && registry.get(id);
      if (!element || this._marked.has(id)) return;
      this._marked.add(id);
      canvas.addMarker(id, `has-${severity}`);
      if (canvas.getRootElement() === element) return;
      overlays.add(id, "studio-problem", { position: corner(element), html: flag(index + 1, severity, message) });
    });
  }

  _kind({ element_id: id }) {
    const type = this._modeler.get("elementRegistry").get(id)?.type;
    return type ? this._modeler.get("translate")(spoken(type)) : "";
  }

  select(id) {
    const element = this._modeler.get("elementRegistry").get(id);
    if (!element) return;
    this._modeler.get("canvas").scrollToElement(element, 80);
    this._modeler.get("selection").select(element);
    this._modeler.get("canvas").getContainer().scrollIntoView({ block: "nearest" });
  }

  _mends(problem) {
    const place = make("div", "mend");
    const mending = this._modeler.get("studioMending");
    if (problem.file !== this._file || !mending.can(problem.mend)) return place;
    place.append(
      button(problem.mend.label, () => {
        this.select(problem.element_id);
        mending.do(problem.mend);
      }),
    );
    return place;
  }
}

// "bpmn:UserTask" as the properties panel names it: "User task".
function spoken(type) {
  const words = type.replace("bpmn:", "").replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
  return words[0].toUpperCase() + words.slice(1);
}

function corner(element) {
  return element.waypoints ? { top: -22, left: -6 } : { top: -9, left: -9 };
}

function flag(number, severity, message) {
  const made = make("span", `studio-flag studio-flag--${severity}`, String(number));
  made.title = message;
  return made;
}
