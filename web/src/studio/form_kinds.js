// What a form may hold, and which members of each kind of field people write.
export const kinds = {
  input: ["textfield", "textarea", "number", "datetime", "filepicker"],
  choice: ["radio", "select", "checklist", "taglist", "checkbox"],
  shown: ["text", "table", "expression", "separator", "spacer"],
  holding: ["group", "dynamiclist"],
};

const OPTIONS = ["radio", "select", "checklist", "taglist"];
const PLAIN = ["text", "separator", "spacer"];
const KEYED = [...kinds.input, ...kinds.choice, "expression"];
const ASKING = [...kinds.input, ...kinds.choice];
const TEXTS = ["textfield", "textarea"];

// Each member: its path in the field, how it is written, and the kinds that have it. `twin` has its English beside it.
export const members = [
  { path: "text", control: "long", twin: true, of: ["text"] },
  { path: "label", twin: true, not: PLAIN },
  { path: "dateLabel", twin: true, of: ["datetime"] },
  { path: "timeLabel", twin: true, of: ["datetime"] },
  { path: "description", twin: true, not: ["text", "separator", "spacer", "table", "expression"] },
  { path: "key", of: KEYED, control: "name" },
  { path: "path", of: ["group", "dynamiclist"], control: "name" },
  { path: "values", control: "options", of: OPTIONS },
  { path: "valuesExpression", control: "expression", of: OPTIONS },
  { path: "valuesKey", of: OPTIONS },
  { path: "expression", control: "expression", of: ["expression"] },
  { path: "dataSource", control: "expression", of: ["table"] },
  { path: "subtype", control: "choice", choices: ["date", "time", "datetime"], of: ["datetime"] },
  { path: "validate.required", control: "tick", of: ASKING },
  { path: "validate.minLength", control: "number", of: TEXTS },
  { path: "validate.maxLength", control: "number", of: TEXTS },
  { path: "validate.min", control: "number", of: ["number"] },
  { path: "validate.max", control: "number", of: ["number"] },
  { path: "validate.pattern", of: ["textfield"] },
  { path: "validate.validationType", control: "choice", choices: ["email", "phone"], of: ["textfield"] },
  { path: "decimalDigits", control: "number", of: ["number"] },
  { path: "multiple", control: "tick", of: ["filepicker"] },
  { path: "defaultRepetitions", control: "number", of: ["dynamiclist"] },
  { path: "allowAddRemove", control: "tick", of: ["dynamiclist"], usual: true },
  { path: "readonly", control: "tick", of: ASKING },
  { path: "conditional.hide", control: "expression" },
  { path: "layout.columns", control: "number" },
];

export function membersOf(type) {
  return members.filter(({ of, not }) => (!of || of.includes(type)) && !not?.includes(type));
}
