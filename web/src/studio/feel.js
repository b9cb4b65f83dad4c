// The functions of FEEL that the editor offers while typing: those of the standard, and the working-day calendar.
import { camundaBuiltins } from "@camunda/feel-builtins";
import { word } from "./words.js";

const MISSING = new Set([
  "assert",
  "from base64",
  "from json",
  "fromAi",
  "random number",
  "to base64",
  "to json",
  "uuid",
]);
const WORKING_DAYS = {
  "add working days": ["day", "count"],
  "working days between": ["start", "end"],
  "is working day": ["day"],
  "next working day": ["day"],
};

// The standard's functions come with explanations in HTML, which the list of completions would show as it is written.
const STANDARD = camundaBuiltins
  .filter(({ name }) => !MISSING.has(name))
  .map(({ name, type, params }) => ({ name, type, params }));

export const builtins = [
  ...STANDARD,
  ...Object.entries(WORKING_DAYS).map(([name, params]) => ({
    name,
    type: "function",
    params: params.map((param) => ({ name: param })),
    info: word(`feel_${name.replaceAll(" ", "_")}`),
  })),
];
