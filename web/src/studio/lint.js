// The light rules that are looked at while drawing. Their names are the codes of the server's check where it has the
// same rule, so that one problem is shown once; the server's check decides.
import { is, isAny } from "bpmn-js/lib/util/ModelUtil";
import Linter from "bpmnlint/lib/linter";
import StaticResolver from "bpmnlint/lib/resolver/static-resolver";

import disconnected from "bpmnlint/rules/no-disconnected";
import doubled from "bpmnlint/rules/no-duplicate-sequence-flows";
import implicitEnd from "bpmnlint/rules/no-implicit-end";
import implicitSplit from "bpmnlint/rules/no-implicit-split";
import labels from "bpmnlint/rules/label-required";
import starts from "bpmnlint/rules/start-event-required";
import superfluous from "bpmnlint/rules/superfluous-gateway";
import { word } from "./words.js";

const CHOOSING = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"];

// Rules of our own: what an element must have to be executed.
const OWN = {
  assignment_missing: needs("bpmn:UserTask", (node) => {
    const given = extension(node, "zeebe:AssignmentDefinition");
    return given?.candidateGroups !== undefined || Boolean(given?.assignee?.trim());
  }),
  form_none: needs("bpmn:UserTask", (node) => extension(node, "zeebe:FormDefinition")?.formId || property(node, "page")),
  action_missing: needs(["bpmn:ServiceTask", "bpmn:SendTask"], (node) => extension(node, "zeebe:TaskDefinition")?.type),
  decision_none: needs(
    "bpmn:BusinessRuleTask",
    (node) => extension(node, "zeebe:CalledDecision")?.decisionId || extension(node, "zeebe:TaskDefinition")?.type,
  ),
  call_none: needs("bpmn:CallActivity", (node) => extension(node, "zeebe:CalledElement")?.processId),
  timer_missing: needs("bpmn:Event", (node) => {
    const timer = (node.eventDefinitions || []).find((definition) => is(definition, "bpmn:TimerEventDefinition"));
    return !timer || ["timeDate", "timeDuration", "timeCycle"].some((kind) => timer[kind]?.body);
  }),
  default_missing: needs(CHOOSING, (node) => {
    const ways = node.outgoing || [];
    return ways.length < 2 || node.default || ways.some((flow) => !flow.conditionExpression?.body);
  }),
  condition_missing: needs("bpmn:SequenceFlow", (flow) => {
    const gateway = flow.sourceRef;
    const isChoice = isAny(gateway, CHOOSING) && (gateway.outgoing || []).length > 1;
    return !isChoice || gateway.default === flow || flow.conditionExpression?.body;
  }),
};
const STOCK = {
  no_incoming: disconnected,
  flow_twice: doubled,
  end_missing: implicitEnd,
  fork_missing: implicitSplit,
  name_missing: labels,
  start_missing: starts,
  gateway_needless: superfluous,
};
const SEVERITY = {
  assignment_missing: "error",
  form_none: "needs",
  action_missing: "error",
  decision_none: "error",
  call_none: "error",
  timer_missing: "error",
  condition_missing: "error",
  no_incoming: "error",
  start_missing: "error",
};

const rules = Object.fromEntries(
  [...Object.entries(STOCK), ...Object.entries(OWN)].map(([name, rule]) => [`rule:bpmnlint/${name}`, rule]),
);

export const LOCAL_CODES = new Set(Object.keys({ ...STOCK, ...OWN }));
const config = { rules: Object.fromEntries([...LOCAL_CODES].map((name) => [name, "warn"])) };

// The problems of a diagram in the shape of the server's check.
export async function lint(definitions, registry, file) {
  // Some rules remember what they have seen: every look is taken with new ones.
  const results = await new Linter({ config, resolver: new StaticResolver(rules) }).lint(definitions);
  return Object.entries(results).flatMap(([code, reports]) =>
    [...new Set(reports.map(({ id }) => id))].map((id) => {
      const node = registry.get(id)?.businessObject;
      return {
        file,
        code,
        severity: SEVERITY[code] || "note",
        element_id: id,
        element_name: node?.name || "",
        message: word(`lint_${code}`, { value: node?.name || id }),
        mend: node ? mendOf(code, node) : null,
      };
    }),
  );
}

function mendOf(code, node) {
  if (code === "name_missing") return mend("name_element", { element_id: node.id });
  if (code === "condition_missing" && !node.sourceRef.default)
    return mend("default_flow", { gateway_id: node.sourceRef.id, flow_id: node.id });
  if (code === "default_missing") return mend("default_flow", { gateway_id: node.id, flow_id: node.outgoing.at(-1).id });
  if (code === "no_incoming" || code === "flow_twice") return mend("remove", { element_id: node.id });
  return null;
}

function mend(kind, values) {
  return { kind, label: word(`mend_${kind}`), values };
}

function needs(types, isGiven) {
  const list = [types].flat();
  return () => ({
    check(node, reporter) {
      if (isAny(node, list) && !isGiven(node)) reporter.report(node.id, "");
    },
  });
}

function extension(node, type) {
  return (node.extensionElements?.values || []).find((value) => is(value, type));
}

function property(node, name) {
  return (extension(node, "zeebe:Properties")?.properties || []).find((one) => one.name === name)?.value;
}
