// Finds elements by their names, with or without marks, or by their ids; what begins with the words comes first.
import { isLabel } from "bpmn-js/lib/util/LabelUtil";
import { getLabel } from "bpmn-js/lib/features/label-editing/LabelUtil";

class Finding {
  constructor(elementRegistry, searchPad, canvas) {
    this._registry = elementRegistry;
    this._canvas = canvas;
    searchPad.registerProvider(this);
  }

  find(pattern) {
    const wanted = fold(pattern.trim());
    const roots = this._canvas.getRootElements();
    return this._registry
      .filter((element) => !isLabel(element) && !roots.includes(element))
      .map((element) => ({ element, name: getLabel(element) || "" }))
      .map((found) => ({ ...found, at: placeOf(found, wanted) }))
      .filter(({ at }) => at >= 0)
      .sort((one, other) => one.at - other.at || one.name.localeCompare(other.name, "vi"))
      .map(({ element, name }) => ({
        element,
        primaryTokens: tokens(name, wanted),
        secondaryTokens: tokens(element.id, wanted),
      }));
  }
}

Finding.$inject = ["elementRegistry", "searchPad", "canvas"];

const AFTER_NAMES = 1000;

// How far down the list: early in the name, then early in the id; of two alike, the shorter.
function placeOf({ element, name }, wanted) {
  const inName = fold(name).indexOf(wanted);
  if (inName >= 0) return inName + excess(name, wanted);
  const inId = element.id.toLowerCase().indexOf(wanted);
  return inId < 0 ? inId : AFTER_NAMES + inId + excess(element.id, wanted);
}

function excess(text, wanted) {
  return (text.length - wanted.length) / AFTER_NAMES;
}

// Letters without marks, one for one, so that places in the folded text are places in the text.
function fold(text) {
  return [...text.normalize("NFC")]
    .map((letter) => (/[đĐ]/.test(letter) ? "d" : letter.normalize("NFD")[0].toLowerCase()))
    .join("");
}

function tokens(text, wanted) {
  const at = fold(text).indexOf(wanted);
  if (at < 0 || !wanted) return [{ normal: text }];
  const end = at + wanted.length;
  return [{ normal: text.slice(0, at) }, { matched: text.slice(at, end) }, { normal: text.slice(end) }];
}

export default { bpmnSearch: ["type", Finding] };
