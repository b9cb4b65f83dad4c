// The tools over the canvas: undo and redo, zoom, search, align, simulation, files, and help with the keys.
import { button } from "./draft.js";
import { word } from "./words.js";

const LEAST_ZOOM = 0.75;
const MARGIN = 24;
const KEYS = [
  ["Ctrl + Z", "key_undo"],
  ["Ctrl + Y", "key_redo"],
  ["Ctrl + C, Ctrl + V", "key_copy"],
  ["Ctrl + A", "key_all"],
  ["Ctrl + F", "key_find"],
  ["Ctrl + S", "key_save"],
  ["E", "key_edit"],
  ["N", "key_append"],
  ["R", "key_replace"],
  ["H, L, S, C", "key_tools"],
  ["Ctrl + 0, Ctrl + 9", "key_zoom"],
  ["Delete", "key_remove"],
  ["?", "key_help"],
];
const SYMBOLS = {
  undo: "M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  redo: "m15 7 5 5-5 5M20 12H10a6 6 0 0 0-6 6",
  fit: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  find: "M11 4.500a6.500 6.500 0 1 0 0 13 6.500 6.500 0 1 0 0-13m5 11.500 5 5",
  play: "M8 5v14l11-7z",
  align: "M4 3v18M8 7h12v4H8zM8 14h7v4H8z",
  map: "M4 5h16v14H4zM12 12h6v5h-6z",
  file: "M6 3h9l4 4v14H6zM15 3v4h4M9 13h7m-3-3 3 3-3 3",
  help: "M12 3a9 9 0 1 0 0 18 9 9 0 1 0 0-18M9.500 9.500a2.500 2.500 0 1 1 3.500 2.300c-.7.400-1 .9-1 1.700M12 17h.01",
};

// `actions` are { importFile(text, name), exportFile(kind) }.
export function toolbar(place, modeler, actions) {
  const get = (name) => modeler.get(name);
  const bar = document.createElement("div");
  bar.className = "canvas-tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", word("tools"));
  const undo = tool("undo", "undo", () => get("commandStack").undo());
  const redo = tool("redo", "redo", () => get("commandStack").redo());
  const align = menu("align", "align", arranging(get));
  const play = tool("play", "simulate", () => get("toggleMode").toggleMode(), { isNamed: true });
  bar.append(
    undo,
    redo,
    tool("fit", "fit", () => fit(get("canvas")), { isNamed: true }),
    tool("find", "find", (event) => find(event, get("searchPad"))),
    align,
    tool("map", "map", () => get("minimap").toggle()),
    play,
    menu("file", "file", filing(bar, actions)),
    tool("help", "help", () => showKeys()),
  );
  const refresh = () => {
    undo.disabled = !get("commandStack").canUndo();
    redo.disabled = !get("commandStack").canRedo();
  };
  modeler.on("commandStack.changed", refresh);
  modeler.on("import.done", refresh);
  // A listener that returns false would end the event, hence the braces.
  modeler.on("tokenSimulation.toggleMode", ({ active }) => {
    play.setAttribute("aria-pressed", active);
  });
  modeler.on("selection.changed", ({ newSelection }) => {
    align.classList.toggle("is-off", newSelection.length < 2);
  });
  align.classList.add("is-off");
  refresh();
  place.prepend(bar);
  listen(get);
}

export function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
}

// A wide diagram would be too small to read: then its beginning is shown.
export function open(canvas) {
  fit(canvas);
  if (canvas.zoom() >= LEAST_ZOOM) return;
  const { inner, outer } = canvas.viewbox();
  const [width, height] = [outer.width / LEAST_ZOOM, outer.height / LEAST_ZOOM];
  const y = inner.height < height ? inner.y - (height - inner.height) / 2 : inner.y - MARGIN;
  canvas.viewbox({ x: inner.x - MARGIN, y, width, height });
}

function tool(symbol, key, act, { isNamed = false } = {}) {
  const made = button("", act);
  made.append(drawn(symbol), ...(isNamed ? [word(`tool_${key}`)] : []));
  if (!isNamed) made.setAttribute("aria-label", word(`tool_${key}`));
  made.title = word(`tool_${key}`);
  made.dataset.tool = key;
  return made;
}

function drawn(symbol) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  made.setAttribute("class", "i");
  made.setAttribute("viewBox", "0 0 24 24");
  made.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SYMBOLS[symbol]);
  made.append(path);
  return made;
}

// A button that opens a list of buttons; it closes with the next click anywhere.
function menu(symbol, key, entries) {
  const made = document.createElement("details");
  made.className = "studio-menu";
  made.dataset.tool = key;
  const head = document.createElement("summary");
  head.className = "button button--small";
  head.title = word(`tool_${key}`);
  head.setAttribute("aria-label", word(`tool_${key}`));
  head.append(drawn(symbol));
  const list = document.createElement("div");
  list.append(...entries.map(([name, act]) => button(word(name), act, "button--plain")));
  made.append(head, list);
  document.addEventListener("click", (event) => {
    if (!head.contains(event.target)) made.open = false;
  });
  return made;
}

// The pad closes with a click outside of it: this one must not reach it.
function find(event, pad) {
  event.stopPropagation();
  pad.toggle();
}

function arranging(get) {
  const selected = () => get("selection").get();
  const align = ["left", "center", "right", "top", "middle", "bottom"].map((side) => [
    `align_${side}`,
    () => get("alignElements").trigger(selected(), side),
  ]);
  const distribute = ["horizontal", "vertical"].map((axis) => [
    `distribute_${axis}`,
    () => get("distributeElements").trigger(selected(), axis),
  ]);
  return [...align, ...distribute];
}

function filing(bar, { importFile, exportFile }) {
  const chooser = document.createElement("input");
  chooser.type = "file";
  chooser.accept = ".bpmn,.xml";
  chooser.hidden = true;
  chooser.dataset.tool = "chooser";
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    chooser.value = "";
    if (file) await importFile(await file.text(), file.name);
  });
  bar.append(chooser);
  return [
    ["import_bpmn", () => chooser.click()],
    ["export_bpmn", () => exportFile("bpmn")],
    ["export_svg", () => exportFile("svg")],
  ];
}

function listen(get) {
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "?" && !isTyping) {
      event.preventDefault();
      event.stopImmediatePropagation();
      showKeys();
    }
    if ((event.ctrlKey || event.metaKey) && event.key === "f" && !isTyping) {
      event.preventDefault();
      if (!get("searchPad").isOpen()) get("searchPad").open();
    }
  }, true);
}

function showKeys() {
  const dialog = document.createElement("dialog");
  dialog.className = "studio-keys panel";
  const heading = document.createElement("h2");
  heading.textContent = word("keys");
  const list = document.createElement("dl");
  for (const [keys, key] of KEYS) {
    const [term, detail] = [document.createElement("dt"), document.createElement("dd")];
    const pressed = document.createElement("kbd");
    pressed.textContent = keys;
    term.append(pressed);
    detail.textContent = word(key);
    list.append(term, detail);
  }
  dialog.append(heading, list, button(word("close"), () => dialog.close()));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
