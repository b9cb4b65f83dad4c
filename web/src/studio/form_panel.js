// The panel beside a form under work: what the selected field says and asks, its English, and what is wrong with it.
import { button } from "./draft.js";
import { membersOf } from "./form_kinds.js";
import { make } from "./listing.js";
import { word } from "./words.js";

const OPTION = ["label", "label_en", "value"];

// Returns the parts of the panel for a field, or for the form itself.
export function fieldPanel(editor, field, problems) {
  const isForm = field.type === "default";
  const title = isForm ? word("form_whole") : plainLabel(field);
  const head = make("div", "props-head", make("h3", "", title), make("p", "quiet small", kindOf(field)));
  const wrong = problems.filter(({ element_id: id }) => (isForm ? !id : id === field.id)).map(({ message }) => make("p", "wrong", message));
  const set = (path, value) => change(editor, field, path, value);
  if (isForm) return [head, ...wrong, make("p", "hint", word("form_none_selected"))];
  const members = membersOf(field.type);
  const own = members.map((member) => control(field, member, member.path, set));
  const english = members.filter(({ twin }) => twin).map((member) => control(field, member, `${member.path}_en`, set));
  const remove = button(word("form_remove"), () => removeField(editor, field));
  return [
    head,
    ...wrong,
    make("div", "form-members", ...own),
    english.length ? make("details", "form-english", make("summary", "", word("language_en")), ...english) : "",
    make("p", "button-row form-remove", remove),
  ].map((part) => openWhere(part, field));
}

function openWhere(part, field) {
  if (part.className === "form-english") part.open = Object.keys(field).some((name) => name.endsWith("_en"));
  return part;
}

function control(field, member, path, set) {
  const kind = member.control || "line";
  const id = `member-${path.replaceAll(".", "-")}`;
  const label = word(`form_member_${member.path.replaceAll(".", "_")}`);
  const value = at(field, path);
  if (kind === "options") return options(() => at(field, path) || [], label, (rows) => set(path, rows));
  if (kind === "tick") return tick(id, label, value ?? member.usual ?? false, (now) => set(path, now === (member.usual ?? false) ? undefined : now));
  const made = kind === "choice" ? choice(member, value) : Object.assign(make(kind === "long" ? "textarea" : "input", "input"), { value: value ?? "" });
  made.id = id;
  if (kind === "long") made.rows = 4;
  if (kind === "number") made.inputMode = "numeric";
  if (kind === "expression" || kind === "name") made.classList.add("code");
  if (path.endsWith("_en")) made.lang = "en";
  made.addEventListener(kind === "choice" ? "change" : "input", () => set(path, meant(kind, made.value)));
  return make("div", "field", Object.assign(make("label", "label", label), { htmlFor: id }), made);
}

function meant(kind, text) {
  if (!text) return undefined;
  return kind === "number" && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function choice({ choices, path }, value) {
  const made = make("select", "input");
  const named = (one) => new Option(word(`form_choice_${one}`), one, false, one === value);
  made.append(...(path === "subtype" ? [] : [new Option(word("nothing"), "")]), ...choices.map(named));
  return made;
}

function tick(id, label, value, set) {
  const box = Object.assign(make("input", "tick"), { type: "checkbox", id, checked: value === true });
  box.addEventListener("change", () => set(box.checked));
  // A condition in FEEL is written in the file; a tick would throw it away.
  if (typeof value === "string") box.disabled = true;
  return make("label", "tick-line", box, label, typeof value === "string" ? make("span", "sub code", value) : "");
}

// The choices of a field: what people read, its English, and what is kept.
function options(read, label, set) {
  const place = make("div", "field");

  function put(number, name, text) {
    set(read().map((one, index) => (index === number ? { ...one, [name]: text || undefined } : one)));
  }

  function reset(rows) {
    set(rows);
    draw();
  }

  function box(row, number, name) {
    const made = Object.assign(make("input", "input"), { value: row[name] ?? "" });
    made.ariaLabel = `${word(`form_option_${name}`)} ${number + 1}`;
    made.addEventListener("input", () => put(number, name, made.value));
    return make("td", "", made);
  }

  function line(row, number) {
    const remove = button("×", () => reset(read().filter((_, index) => index !== number)), "button--plain");
    remove.ariaLabel = word("form_option_remove", { number: number + 1 });
    return make("tr", "", ...OPTION.map((name) => box(row, number, name)), make("td", "", remove));
  }

  function draw() {
    const heads = OPTION.map((name) => make("th", "", word(`form_option_${name}`)));
    const table = make("table", "form-options", make("thead", "", make("tr", "", ...heads, make("th"))), make("tbody", "", ...read().map(line)));
    const fresh = () => ({ label: word("form_option_new"), value: `option_${read().length + 1}` });
    place.replaceChildren(make("span", "label", label), table, button(word("form_option_add"), () => reset([...read(), fresh()])));
  }

  draw();
  return place;
}

function change(editor, field, path, value) {
  const [name, ...inner] = path.split(".");
  const modeling = editor.get("modeling");
  if (!inner.length) return modeling.editFormField(field, name, value);
  const whole = { ...field[name], [inner[0]]: value };
  if (value === undefined) delete whole[inner[0]];
  return modeling.editFormField(field, name, Object.keys(whole).length ? whole : undefined);
}

function removeField(editor, field) {
  const registry = editor.get("formFieldRegistry");
  const parent = registry.get(field._parent);
  editor.get("modeling").removeFormField(field, parent, parent.components.indexOf(field));
  editor.get("selection").set(parent);
}

function at(field, path) {
  return path.split(".").reduce((found, name) => found?.[name], field);
}

function plainLabel(field) {
  return field.label || (field.text || "").split("\n")[0].replace(/^#+\s*/, "") || kindOf(field);
}

function kindOf({ type, key }) {
  const kind = type === "default" ? "" : word(`form_kind_${type}`);
  return key ? `${kind} · ${key}` : kind;
}
