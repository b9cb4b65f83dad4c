// The sentences of this page in the reader's language, written by the server into #studio-words.
const WORDS = JSON.parse(document.getElementById("studio-words")?.textContent || "{}");

// The sentence of a key, with {names} replaced. A key without a sentence is told to the console, as the tests read it.
export function word(key, values = {}) {
  if (!(key in WORDS)) console.debug(`no word: ${key}`);
  return (WORDS[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
