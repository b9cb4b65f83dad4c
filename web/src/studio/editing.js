// Reads and changes what the engine reads from an element: its extensions, properties, headers, timer and condition.
// Every change is one command, so that it can be undone at once.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

const MANY = "properties-panel.multi-command-executor";

// The lists that hold named pairs: their type, the name of the list, and what the pair calls its two halves.
const PROPERTIES = { type: "zeebe:Properties", list: "properties", item: "zeebe:Property", key: "name" };
const HEADERS = { type: "zeebe:TaskHeaders", list: "values", item: "zeebe:Header", key: "key" };

export const TIMER_KINDS = ["timeDuration", "timeDate", "timeCycle"];

export class Editing {
  constructor(commandStack, bpmnFactory, modeling) {
    this._commands = commandStack;
    this._factory = bpmnFactory;
    this._modeling = modeling;
  }

  // The thing that carries the work of an element: a thrown message carries it on its event definition.
  worker(element) {
    return eventDefinition(element, "bpmn:MessageEventDefinition") || getBusinessObject(element);
  }

  extension(holder, type) {
    return (holder.get("extensionElements")?.get("values") || []).find((value) => is(value, type));
  }

  // Sets attributes of an extension; one that is left without any goes.
  setExtension(element, holder, type, attributes) {
    const found = this.extension(holder, type);
    if (!found) return this._run(element, this._adding(element, holder, this._factory.create(type, attributes)));
    const after = { ...ownAttributes(found), ...attributes };
    const isEmpty = Object.values(after).every((value) => value === undefined);
    return this._run(element, [
      isEmpty ? this._removing(element, holder, found) : changing(element, found, attributes),
    ]);
  }

  property(element, name) {
    return this._pair(getBusinessObject(element), PROPERTIES, name)?.value;
  }

  setProperty(element, name, value) {
    return this._setPair(element, getBusinessObject(element), PROPERTIES, [name, value]);
  }

  processProperty(element, name) {
    return this._pair(processOf(element), PROPERTIES, name)?.value;
  }

  // The process of the one pool is also shown where nothing is selected: both places hear of the change.
  setProcessProperty(element, name, value) {
    const process = processOf(element);
    const shown = is(element, "bpmn:Participant") ? [changing(element.parent, process, {})] : [];
    return this._run(element, [...this._pairing(element, process, PROPERTIES, [name, value]), ...shown]);
  }

  header(element, name) {
    return this._pair(this.worker(element), HEADERS, name)?.value;
  }

  setHeader(element, name, value) {
    return this._setPair(element, this.worker(element), HEADERS, [name, value]);
  }

  // The timer as [kind, text]; both undefined where there is none yet.
  timer(element) {
    const definition = eventDefinition(element, "bpmn:TimerEventDefinition");
    const kind = TIMER_KINDS.find((name) => definition?.get(name));
    return [kind, kind && definition.get(kind).get("body")];
  }

  setTimer(element, kind, text) {
    const definition = eventDefinition(element, "bpmn:TimerEventDefinition");
    const values = Object.fromEntries(TIMER_KINDS.map((name) => [name, undefined]));
    if (kind) values[kind] = this._expression(definition, text);
    return this._run(element, [changing(element, definition, values)]);
  }

  setCondition(flow, text) {
    const condition = text ? this._expression(getBusinessObject(flow), text) : undefined;
    this._modeling.updateProperties(flow, { conditionExpression: condition });
  }

  // Renames what people see; a pool and its process have one name.
  setName(element, name) {
    const process = is(element, "bpmn:Participant") && getBusinessObject(element).get("processRef");
    const own = { cmd: "element.updateProperties", context: { element, properties: { name } } };
    return this._run(element, process ? [own, changing(element, process, { name })] : [own]);
  }

  setEnglish(element, value) {
    const process = is(element, "bpmn:Participant") && getBusinessObject(element).get("processRef");
    const holders = [getBusinessObject(element), ...(process ? [process] : [])];
    return this._run(
      element,
      holders.flatMap((holder) => this._pairing(element, holder, PROPERTIES, ["en", value])),
    );
  }

  make(type, parent, attributes) {
    const made = this._factory.create(type, attributes);
    made.$parent = getBusinessObject(parent);
    return made;
  }

  _expression(parent, body) {
    return this.make("bpmn:FormalExpression", parent, { body });
  }

  _pair(holder, { type, list, key }, name) {
    return (this.extension(holder, type)?.get(list) || []).find((pair) => pair.get(key) === name);
  }

  _setPair(element, holder, kind, pair) {
    return this._run(element, this._pairing(element, holder, kind, pair));
  }

  // The commands that set, add or (no value) remove one pair; a list that is left empty goes.
  _pairing(element, holder, kind, [name, value]) {
    const { type, list, item, key } = kind;
    const found = this.extension(holder, type);
    const pair = this._pair(holder, kind, name);
    if (value && pair) return [changing(element, pair, { value })];
    if (!value) return pair ? [this._dropping(element, holder, found, { list, pair })] : [];
    const made = this._factory.create(item, { [key]: name, value });
    if (!found) {
      const table = this._factory.create(type, { [list]: [made] });
      made.$parent = table;
      return this._adding(element, holder, table);
    }
    made.$parent = found;
    return [changing(element, found, { [list]: [...found.get(list), made] })];
  }

  _dropping(element, holder, table, { list, pair }) {
    const rest = table.get(list).filter((other) => other !== pair);
    return rest.length ? changing(element, table, { [list]: rest }) : this._removing(element, holder, table);
  }

  _adding(element, holder, made) {
    const present = holder.get("extensionElements");
    const extensions = present || this._factory.create("bpmn:ExtensionElements", { values: [] });
    made.$parent = extensions;
    if (present) return [changing(element, present, { values: [...present.get("values"), made] })];
    extensions.$parent = holder;
    extensions.get("values").push(made);
    return [changing(element, holder, { extensionElements: extensions })];
  }

  _removing(element, holder, gone) {
    const extensions = holder.get("extensionElements");
    return changing(element, extensions, { values: extensions.get("values").filter((value) => value !== gone) });
  }

  _run(element, commands) {
    if (commands.length) this._commands.execute(MANY, commands);
  }
}

Editing.$inject = ["commandStack", "bpmnFactory", "modeling"];

// The process that an element stands for: itself, or what its pool holds.
export function processOf(element) {
  if (is(element, "bpmn:Process")) return getBusinessObject(element);
  return is(element, "bpmn:Participant") ? getBusinessObject(element).get("processRef") : undefined;
}

export function eventDefinition(element, type) {
  return (getBusinessObject(element).get("eventDefinitions") || []).find((definition) => is(definition, type));
}

function changing(element, moddleElement, properties) {
  return { cmd: "element.updateModdleProperties", context: { element, moddleElement, properties } };
}

function ownAttributes(thing) {
  return Object.fromEntries(thing.$descriptor.properties.map(({ name }) => [name.split(":").pop(), thing[name.split(":").pop()]]));
}

export default { __init__: ["studioEditing"], studioEditing: ["type", Editing] };
