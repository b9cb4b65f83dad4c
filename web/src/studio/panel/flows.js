// Under which condition a way is taken, and which way is taken when no condition is true.
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { word } from "../words.js";
import { expression, group, tick } from "./fields.js";

const CHOOSING = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"];

export function flows(element, { editing, modeling }) {
  if (!is(element, "bpmn:SequenceFlow") || !isAny(element.source, CHOOSING)) return [];
  const flow = element.businessObject;
  const isDefault = () => element.source.businessObject.default === flow;
  return group(
    "condition",
    [
      tick({
        id: "is_default",
        label: word("is_default"),
        hint: word("is_default_hint"),
        get: isDefault,
        set: (isOn) => modeling.updateProperties(element.source, { default: isOn ? flow : undefined }),
      }),
      !isDefault() &&
        expression({
          id: "condition",
          label: word("condition"),
          hint: word("condition_hint"),
          feel: "required",
          get: () => flow.get("conditionExpression")?.get("body"),
          set: (value) => editing.setCondition(element, value),
        }),
    ],
    { open: true },
  );
}
