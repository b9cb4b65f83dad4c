// The palette: what a process is drawn with, each with its name, in a column beside the canvas.
import Palette from "diagram-js/lib/features/palette/Palette";
import { is } from "bpmn-js/lib/util/ModelUtil";
import { word } from "./words.js";

// Group, key, icon of the bpmn font, type, and what the new shape is made with.
const SHAPES = [
  ["ends", "start", "start-event-none", "bpmn:StartEvent"],
  ["ends", "start_timer", "start-event-timer", "bpmn:StartEvent", { eventDefinitionType: "bpmn:TimerEventDefinition" }],
  ["ends", "start_message", "start-event-message", "bpmn:StartEvent", { eventDefinitionType: "bpmn:MessageEventDefinition" }],
  ["ends", "end", "end-event-none", "bpmn:EndEvent"],
  ["work", "user_task", "user-task", "bpmn:UserTask"],
  ["work", "service_task", "service-task", "bpmn:ServiceTask"],
  ["work", "rule_task", "business-rule", "bpmn:BusinessRuleTask"],
  ["work", "send_task", "send-task", "bpmn:SendTask"],
  ["work", "call_activity", "call-activity", "bpmn:CallActivity"],
  ["work", "sub_process", "subprocess-expanded", "bpmn:SubProcess", { isExpanded: true }],
  ["ways", "exclusive", "gateway-xor", "bpmn:ExclusiveGateway"],
  ["ways", "parallel", "gateway-parallel", "bpmn:ParallelGateway"],
  ["ways", "timer", "intermediate-event-catch-timer", "bpmn:IntermediateCatchEvent", { eventDefinitionType: "bpmn:TimerEventDefinition" }],
  ["ways", "message", "intermediate-event-catch-message", "bpmn:IntermediateCatchEvent", { eventDefinitionType: "bpmn:MessageEventDefinition" }],
  ["rest", "pool", "participant", "bpmn:Participant"],
  ["rest", "note", "text-annotation", "bpmn:TextAnnotation"],
];
const TOOLS = [
  ["hand_tool", "hand-tool", "handTool", "activateHand"],
  ["lasso_tool", "lasso-tool", "lassoTool", "activateSelection"],
  ["space_tool", "space-tool", "spaceTool", "activateSelection"],
  ["connect_tool", "connection-multi", "globalConnect", "start"],
];

// The palette of diagram-js lies over the canvas; ours stands beside it.
class Column extends Palette {
  constructor(eventBus, canvas, config) {
    super(eventBus, canvas);
    this._parent = config.parent;
  }

  _getParentContainer() {
    return this._parent;
  }

  _needsCollapse() {
    return false;
  }

  _update() {
    super._update();
    for (const group of this._container.querySelectorAll("[data-group]")) {
      const heading = document.createElement("h3");
      heading.textContent = word(`palette_${group.dataset.group}`);
      group.prepend(heading);
    }
  }
}

Column.$inject = ["eventBus", "canvas", "config.palette"];

class Entries {
  constructor(injector, palette, canvas, create, elementFactory, modeling) {
    Object.assign(this, { injector, canvas, create, elementFactory, modeling });
    palette.registerProvider(this);
  }

  getPaletteEntries() {
    const tools = TOOLS.map(([key, icon, service, act]) => [
      key,
      entry("tools", key, icon, { click: (event) => this.injector.get(service)[act](event) }),
    ]);
    const shapes = SHAPES.map(([group, key, icon, type, options]) => [
      key,
      entry(group, key, icon, this._making(type, options)),
    ]);
    return Object.fromEntries([...tools, ...shapes]);
  }

  // The mouse carries the new shape; from the keyboard it lands in the middle of what is seen.
  _making(type, options) {
    const made = () => (type === "bpmn:Participant" ? this.elementFactory.createParticipantShape() : this._shape(type, options));
    return {
      dragstart: (event) => this.create.start(event, made()),
      click: (event) => (event.detail ? this.create.start(event, made()) : this._place(made())),
    };
  }

  _shape(type, options) {
    if (type !== "bpmn:SubProcess") return this.elementFactory.createShape({ type, ...options });
    const whole = this.elementFactory.createShape({ type, x: 0, y: 0, ...options });
    return [whole, this.elementFactory.createShape({ type: "bpmn:StartEvent", x: 40, y: 82, parent: whole })];
  }

  _place(made) {
    const elements = [made].flat();
    const { x, y, width, height } = this.canvas.viewbox();
    const centre = { x: x + width / 2, y: y + height / 2 };
    const parent = this._parentOf(elements[0], centre);
    const [created] = this.modeling.createElements(elements, within(parent, centre, elements[0]), parent);
    this.injector.get("selection").select(created);
  }

  // What works belongs into a pool, where there are any: the one that is looked at, else the first.
  _parentOf(shape, place) {
    const root = this.canvas.getRootElement();
    const pools = root.children.filter((one) => is(one, "bpmn:Participant"));
    const isFree = is(shape, "bpmn:Participant") || is(shape, "bpmn:TextAnnotation");
    return isFree || !pools.length ? root : pools.find((pool) => contains(pool, place)) || pools[0];
  }
}

Entries.$inject = ["injector", "palette", "canvas", "create", "elementFactory", "modeling"];

function contains({ x, y, width, height }, place) {
  return place.x >= x && place.x <= x + width && place.y >= y && place.y <= y + height;
}

// The place itself, or the nearest at which the shape lies whole in its parent; a root has no bounds.
function within({ x, y, width, height }, place, shape) {
  if (width === undefined) return place;
  const near = (at, from, length, size) => Math.min(Math.max(at, from + size), from + length - size);
  return { x: near(place.x, x, width, shape.width), y: near(place.y, y, height, shape.height) };
}

function entry(group, key, icon, action) {
  const label = word(`palette_${key}`);
  const html = `<button type="button" class="entry" draggable="true"></button>`;
  return { group, className: `bpmn-icon-${icon}`, title: label, html, action };
}

export default {
  palette: ["type", Column],
  paletteProvider: ["type", Entries],
};
