// Copies between two windows: what is copied lies in the browser's storage of this site.
const PLACE = "vinhdanh.diagram";

class SharedClipboard {
  constructor(eventBus, moddle, clipboard) {
    eventBus.on("copyPaste.elementsCopied", ({ tree }) => window.localStorage.setItem(PLACE, JSON.stringify(tree)));
    eventBus.on("copyPaste.pasteElements", 2000, () => read(clipboard, moddle));
    window.addEventListener("storage", ({ key }) => key === PLACE && read(clipboard, moddle));
    read(clipboard, moddle);
  }
}

SharedClipboard.$inject = ["eventBus", "moddle", "clipboard"];

function read(clipboard, moddle) {
  const text = window.localStorage.getItem(PLACE);
  if (text) clipboard.set(JSON.parse(text, reviver(moddle)));
}

// Makes elements of the moddle of what JSON keeps as plain objects; one object that two places name stays one.
function reviver(moddle) {
  const made = new Map();
  return function revive(key, value) {
    if (Array.isArray(value) || !value || typeof value !== "object" || !value.$type) return value;
    if (value.id && made.has(value.id)) return made.get(value.id);
    const { $type, ...attributes } = value;
    const element = $type.includes(":") && isKnown(moddle, $type) ? moddle.create($type, attributes) : value;
    for (const part of Object.values(attributes).flat()) if (part?.$type) part.$parent = element;
    if (value.id) made.set(value.id, element);
    return element;
  };
}

function isKnown(moddle, type) {
  return Boolean(moddle.registry.typeMap[type]);
}

export default { __init__: ["sharedClipboard"], sharedClipboard: ["type", SharedClipboard] };
