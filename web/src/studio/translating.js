// What the libraries say, in Vietnamese. A sentence that words_vi.js lacks is told to the console, as the tests read it.
import VIETNAMESE from "./words_vi.js";

const told = new Set();

export function vietnamese(text) {
  return VIETNAMESE[text.toLowerCase()];
}

function speaker(words) {
  return (template, values) => {
    const known = words[template.toLowerCase()];
    if (known === undefined && !told.has(template)) {
      told.add(template);
      console.debug(`no word: ${template}`);
    }
    return fill(known ?? template, values);
  };
}

function fill(template, values = {}) {
  return template.replace(/\{([^}]+)\}/g, (whole, name) => values[name] ?? whole);
}

export default (language, words = VIETNAMESE) => ({ translate: ["value", language === "vi" ? speaker(words) : fill] });
