// The kinds of fields of the properties panel. A field is made with its label, `get` and `set`; the components stay the
// same ones from drawing to drawing, so that a field being typed in keeps its cursor.
import {
  CheckboxEntry,
  FeelEntry,
  Group,
  SelectEntry,
  TextAreaEntry,
  TextFieldEntry,
  isCheckboxEntryEdited,
  isFeelEntryEdited,
  isSelectEntryEdited,
  isTextAreaEntryEdited,
  isTextFieldEntryEdited,
} from "@bpmn-io/properties-panel";
import { createElement } from "@bpmn-io/properties-panel/preact";
import { useEffect, useState } from "@bpmn-io/properties-panel/preact/hooks";
import { useService } from "bpmn-js-properties-panel";
import { word } from "../words.js";

function usual({ element, id, label, hint, get, set, check }) {
  return { element, id, label, description: hint, getValue: get, setValue: set, validate: check };
}

function Text(field) {
  return TextFieldEntry({ ...usual(field), debounce: useService("debounceInput") });
}

function Area(field) {
  return TextAreaEntry({ ...usual(field), debounce: useService("debounceInput"), rows: 2, autoResize: true });
}

function Choice(field) {
  return SelectEntry({ ...usual(field), getOptions: field.options });
}

function Tick(field) {
  return CheckboxEntry(usual(field));
}

// A FEEL expression, with the variables that are in reach of the element offered while typing.
function Expression(field) {
  return createElement(FeelEntry, {
    ...usual(field),
    debounce: useService("debounceInput"),
    feel: field.feel || "optional",
    variables: useVariables(field.element),
    translate: useService("translate"),
  });
}

function useVariables(element) {
  const [variables, setVariables] = useState([]);
  const resolver = useService("variableResolver");
  const eventBus = useService("eventBus");
  useEffect(() => {
    const find = () => {
      resolver.getVariablesForElement(element.businessObject, element).then(setVariables);
    };
    find();
    eventBus.on("commandStack.changed", find);
    return () => eventBus.off("commandStack.changed", find);
  }, [element]);
  return variables;
}

// Several things to tick; `get` gives the chosen values, `set` takes them all.
function Ticks({ id, label, hint, options, get, set }) {
  const chosen = get();
  const flip = (value, isOn) => set(isOn ? [...chosen, value] : chosen.filter((other) => other !== value));
  const lines = options().map(({ value, label: name }) =>
    createElement("label", { class: "tick-line", key: value }, [
      createElement("input", {
        class: "tick",
        type: "checkbox",
        name: id,
        checked: chosen.includes(value),
        onChange: ({ target }) => flip(value, target.checked),
      }),
      name,
    ]),
  );
  return createElement("fieldset", { class: "bio-properties-panel-entry studio-ticks", "data-entry-id": id }, [
    createElement("legend", { class: "bio-properties-panel-label" }, label),
    ...lines,
    hint && createElement("div", { class: "bio-properties-panel-description" }, hint),
  ]);
}

function Link({ id, label, href }) {
  return createElement(
    "div",
    { class: "bio-properties-panel-entry", "data-entry-id": id },
    createElement("a", { href }, label),
  );
}

export const text = (field) => ({ component: Text, isEdited: isTextFieldEntryEdited, ...field });
export const area = (field) => ({ component: Area, isEdited: isTextAreaEntryEdited, ...field });
export const choice = (field) => ({ component: Choice, isEdited: isSelectEntryEdited, ...field });
export const tick = (field) => ({ component: Tick, isEdited: isCheckboxEntryEdited, ...field });
export const expression = (field) => ({ component: Expression, isEdited: isFeelEntryEdited, ...field });
export const ticks = (field) => ({ component: Ticks, ...field });
export const link = (field) => ({ component: Link, ...field });

export function group(id, entries, { open = false } = {}) {
  const present = entries.flat().filter(Boolean);
  return present.length ? [{ id, label: word(`group_${id}`), component: Group, entries: present, shouldOpen: open }] : [];
}

// The options of a list, the empty one first; what the file names and the list lacks stays choosable.
export function options(list, current, { value = "code", none = word("choose") } = {}) {
  const known = list.map((one) =>
    typeof one === "string" ? { value: one, label: one } : { value: one[value], label: one.name || one[value] },
  );
  const isKnown = !current || known.some((one) => one.value === current);
  const strange = isKnown ? [] : [{ value: current, label: word("not_here", { name: current }) }];
  return [{ value: "", label: none }, ...strange, ...known];
}
