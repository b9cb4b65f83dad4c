// What must not be left out: steps that are mandatory, and what may only be reached after them.
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { word } from "../words.js";
import { split } from "./assignment.js";
import { group, text, tick, ticks } from "./fields.js";

const STEPS = ["bpmn:Activity", "bpmn:IntermediateCatchEvent"];
const YES = "yes";

export function order(element, { editing, registry }) {
  if (!is(element, "bpmn:FlowNode") || is(element, "bpmn:StartEvent")) return [];
  return group("order", [
    isAny(element, STEPS) &&
      tick({
        id: "mandatory",
        label: word("mandatory"),
        hint: word("mandatory_hint"),
        get: () => editing.property(element, "mandatory") === YES,
        set: (isOn) => editing.setProperty(element, "mandatory", isOn ? YES : undefined),
      }),
    ticks({
      id: "requires",
      label: word("requires"),
      hint: word("requires_hint"),
      options: () => steps(element, registry),
      get: () => split(editing.property(element, "requires")),
      set: (ids) => editing.setProperty(element, "requires", ids.join(", ")),
    }),
  ]);
}

// Who may begin the process himself: those who hold one of these roles.
export function beginners(element, { editing, lists }) {
  if (!isPlainStart(element)) return [];
  return group(
    "beginners",
    [
      ticks({
        id: "started_by",
        label: word("started_by"),
        hint: word("started_by_hint"),
        options: () => lists.roles.map(({ code, name }) => ({ value: code, label: name })),
        get: () => split(editing.property(element, "started_by")),
        set: (codes) => editing.setProperty(element, "started_by", codes.join(", ")),
      }),
    ],
    { open: true },
  );
}

// What comes with a message or a start: the names of the variables that it sets, and those a schedule may add.
export function brings(element, { editing }) {
  if (!isAny(element, ["bpmn:CatchEvent", "bpmn:ReceiveTask"])) return [];
  const names = (id) =>
    text({
      id,
      label: word(id),
      hint: word("brings_hint"),
      get: () => editing.property(element, id) || "",
      set: (value) => editing.setProperty(element, id, value),
    });
  return isPlainStart(element) ? [names("brings"), names("may_bring")] : [names("brings")];
}

function isPlainStart(element) {
  const isStart = is(element, "bpmn:StartEvent") && !is(element.parent, "bpmn:SubProcess");
  return isStart && !element.businessObject.get("eventDefinitions")?.length;
}

function steps(element, registry) {
  return registry
    .filter((other) => isAny(other, STEPS) && other !== element && !other.labelTarget)
    .map((other) => ({ value: other.id, label: other.businessObject.name || other.id }));
}
