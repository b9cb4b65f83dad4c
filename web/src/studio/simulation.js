// Switches the play of tokens on and off; the switch of the library would lie over the canvas.
import { vietnamese } from "./translating.js";

class Switch {
  constructor(eventBus, canvas, selection, translate) {
    this._eventBus = eventBus;
    this._canvas = canvas;
    this._selection = selection;
    this.isOn = false;
    if (translate("Reset Simulation") !== "Reset Simulation") eventBus.once("tokenSimulation.toggleMode", () => this._speak());
  }

  toggleMode(isOn = !this.isOn) {
    if (isOn === this.isOn) return;
    this.isOn = isOn;
    this._selection.select([]);
    this._canvas.getContainer().parentNode.classList.toggle("simulation", isOn);
    this._eventBus.fire("tokenSimulation.toggleMode", { active: isOn });
  }

  // The play knows no languages: what it puts over the canvas is put into words as it appears.
  _speak() {
    const container = this._canvas.getContainer();
    const watcher = new MutationObserver((changes) => changes.forEach(({ target }) => speak(target)));
    watcher.observe(container, { subtree: true, childList: true, characterData: true });
    speak(container);
  }
}

Switch.$inject = ["eventBus", "canvas", "selection", "translate"];

function speak(node) {
  const place = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
  if (!place?.closest(".djs-container")) return;
  for (const titled of place.querySelectorAll('[class*="bts-"][title], [class*="bts-"] [title]')) {
    const spoken = vietnamese(titled.title);
    if (spoken) titled.title = spoken;
  }
  const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const spoken = text.parentElement.closest('[class*="bts-"]') && vietnamese(text.data.trim());
    if (spoken && spoken !== text.data) text.data = spoken;
  }
}

export default { toggleMode: ["type", Switch] };
