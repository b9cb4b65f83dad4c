// Leaves out of the menus what the engine refuses, so that nobody draws what cannot run.
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

export default { __init__: ["studioMenus"], studioMenus: ["type", Menus] };
