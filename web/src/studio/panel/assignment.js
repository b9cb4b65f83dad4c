// Who does a user task: a role, perhaps of one unit; anything else is an expression.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { word } from "../words.js";
import { choice, expression, group, options, text, ticks } from "./fields.js";

const OWN = "=";
const ROLE = /^[a-z][a-z0-9_]*$/;
const ROLE_OF_UNIT = /^=\s*"([a-z][a-z0-9_]*)@"\s*\+\s*(.+)$/s;
const UNIT_FIRST = "unit_code";

// What a text of candidate groups says: { role, unit } or { own: true }.
export function readGroups(groups = "") {
  if (!groups || ROLE.test(groups)) return { role: groups, unit: "" };
  const found = ROLE_OF_UNIT.exec(groups);
  return found ? { role: found[1], unit: found[2] } : { own: true };
}

export function writeGroups({ role, unit }) {
  if (!role) return undefined;
  return unit ? `="${role}@" + ${unit}` : role;
}

export function people(element, { editing, lists, registry }) {
  if (!is(element, "bpmn:UserTask")) return [];
  const holder = element.businessObject;
  const read = () => editing.extension(holder, "zeebe:AssignmentDefinition");
  const write = (attributes) => editing.setExtension(element, holder, "zeebe:AssignmentDefinition", attributes);
  const groups = {
    id: "candidate_groups",
    get: () => read()?.get("candidateGroups") || "",
    set: (candidateGroups) => write({ candidateGroups: candidateGroups || undefined }),
  };
  return group(
    "people",
    [
      ...roleFields(groups, lists),
      ticks({
        id: "not_same_person_as",
        label: word("not_same_person_as"),
        hint: word("not_same_person_as_hint"),
        options: () => otherTasks(element, registry),
        get: () => split(editing.property(element, "not_same_person_as")),
        set: (ids) => editing.setProperty(element, "not_same_person_as", ids.join(",")),
      }),
      expression({
        id: "assignee",
        label: word("assignee"),
        hint: word("assignee_hint"),
        get: () => read()?.get("assignee"),
        set: (assignee) => write({ assignee: assignee || undefined }),
      }),
    ],
    { open: true },
  );
}

// Role, unit and, where neither says it, the expression; `place` has id, get and set of the whole text.
export function roleFields(place, lists) {
  const now = readGroups(place.get());
  const role = choice({
    id: place.id,
    label: word(place.id),
    get: () => (now.own ? OWN : now.role),
    set: (code) => place.set(code === OWN ? asExpression(place.get()) : writeGroups({ role: code, unit: unitOf(code, now, lists) })),
    options: () => [...options(lists.roles, now.role), { value: OWN, label: word("by_expression") }],
  });
  const unit = text({
    id: `${place.id}_unit`,
    label: word("role_of_unit"),
    hint: word("role_of_unit_hint"),
    get: () => now.unit,
    set: (code) => place.set(writeGroups({ role: now.role, unit: (code || "").trim() })),
  });
  const own = expression({ id: `${place.id}_own`, label: word("expression"), get: place.get, set: place.set });
  return [role, ...(now.own ? [own] : []), ...(now.role ? [unit] : [])];
}

function unitOf(code, now, lists) {
  return lists.roles.find((role) => role.code === code)?.per_unit ? now.unit || UNIT_FIRST : "";
}

function asExpression(groups) {
  return `=[${groups.startsWith("=") ? groups.slice(1).trim() : groups && `"${groups}"`}]`;
}

function otherTasks(element, registry) {
  return registry
    .filter((other) => is(other, "bpmn:UserTask") && other !== element && !other.labelTarget)
    .map((other) => ({ value: other.id, label: other.businessObject.name || other.id }));
}

export function split(list = "") {
  return list.split(",").map((part) => part.trim()).filter(Boolean);
}
