// Leaves out of the menus what the engine refuses, so that nobody draws what cannot run.
import ContextPad from "diagram-js/lib/features/context-pad/ContextPad";

const REFUSED = [
  "transaction",
  "ad-hoc",
  "complex-gateway",
  "compensat",
  "conditional",
  "cancel",
  "multiple",
  "data-object",
  "data-store",
  "toggle-loop",
  "signal-start",
  "signal-boundary",
];

function isRefused(id) {
  return REFUSED.some((part) => id.toLowerCase().includes(part)) && !id.includes("toggle-parallel");
}

class Menus {
  constructor(popupMenu) {
    for (const menu of ["bpmn-replace", "bpmn-create", "bpmn-append"]) popupMenu.registerProvider(menu, 500, this);
  }

  getPopupMenuEntries() {
    return without;
  }

  getPopupMenuHeaderEntries() {
    return without;
  }
}

Menus.$inject = ["popupMenu"];

function without(entries) {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => !isRefused(id)));
}

// bpmn-js still asks for the pad in a way that diagram-js complains about to the console.
class Pad extends ContextPad {
  getPad(target) {
    return { html: this.isOpen() ? this._current.html : this._createHtml(target) };
  }
}

Pad.$inject = ContextPad.$inject;

export default { __init__: ["studioMenus"], contextPad: ["type", Pad], studioMenus: ["type", Menus] };
