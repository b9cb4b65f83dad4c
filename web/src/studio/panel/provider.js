// The properties panel, cut down to what an official needs. What it hides stays in the file as it is.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { word } from "../words.js";
import { people } from "./assignment.js";
import { deadlines } from "./deadlines.js";
import { area, group, text } from "./fields.js";
import { flows } from "./flows.js";
import { beginners, brings, order } from "./order.js";
import { timers } from "./timers.js";
import { priority, work } from "./work.js";

const LAST = 100;

// Groups of the Zeebe panel that are kept as they are, in this order; the others are replaced or refused.
const KEPT = ["message", "signal", "error", "escalation", "link", "script", "multiInstance", "inputs", "outputs"];
const FOR_EXPERTS = ["id", "processId", "isExecutable"];
const REFUSED_ENTRIES = ["bindingType", "versionTag", "ForCompensation", "businessRuleImplementation", "loopCardinality"];

class Provider {
  constructor(propertiesPanel, studioEditing, studioLists, elementRegistry, modeling, translate) {
    this._translate = translate;
    this._tools = { editing: studioEditing, lists: studioLists, registry: elementRegistry, modeling };
    propertiesPanel.registerProvider(LAST, this);
  }

  getGroups(element) {
    const { _translate: translate } = this;
    return (groups) => this._groupsOf(subjectOf(element), groups).map((one) => ({ ...one, translate }));
  }

  _groupsOf(element, groups) {
    const theirs = new Map(groups.map((one) => [one.id, one]));
    return [
      ...this._general(element),
      ...beginners(element, this._tools),
      ...people(element, this._tools),
      ...deadlines(element, this._tools),
      ...work(element, this._tools),
      ...timers(element, this._tools),
      ...flows(element, this._tools),
      ...order(element, this._tools),
      ...KEPT.flatMap((id) => (theirs.has(id) ? [without(theirs.get(id), REFUSED_ENTRIES)] : [])),
      ...this._notes(element),
      ...this._experts(element, theirs.get("general")),
    ];
  }

  _general(element) {
    const { editing } = this._tools;
    const isNote = is(element, "bpmn:TextAnnotation");
    const attribute = isNote ? "text" : "name";
    return group(
      "general",
      [
        area({
          id: "name",
          label: word(isNote ? "note_text" : "name"),
          get: () => getBusinessObject(element).get(attribute),
          set: (value) =>
            isNote ? this._tools.modeling.updateProperties(element, { text: value }) : editing.setName(element, value),
        }),
        isNote ||
          text({
            id: "name_en",
            label: word("name_en"),
            get: () => editing.property(element, "en"),
            set: (value) => editing.setEnglish(element, value),
          }),
      ].filter((field) => field && field !== true),
      { open: true },
    );
  }

  _notes(element) {
    if (is(element, "bpmn:TextAnnotation")) return [];
    return group("notes", [
      area({
        id: "documentation",
        label: word("documentation"),
        hint: word("documentation_hint"),
        get: () => getBusinessObject(element).get("documentation")?.[0]?.text || "",
        set: (value) => this._document(element, value),
      }),
    ]);
  }

  _document(element, value) {
    const documentation = value ? [this._tools.editing.make("bpmn:Documentation", element, { text: value })] : [];
    this._tools.modeling.updateModdleProperties(element, getBusinessObject(element), { documentation });
  }

  _experts(element, general) {
    const ids = (general?.entries || []).filter(({ id }) => FOR_EXPERTS.includes(id));
    return group("experts", [...ids, ...priority(element, this._tools), ...brings(element, this._tools)]);
  }
}

Provider.$inject = ["propertiesPanel", "studioEditing", "studioLists", "elementRegistry", "modeling", "translate"];

// Where nothing is selected, a diagram of one pool speaks of its process.
function subjectOf(element) {
  const pools = is(element, "bpmn:Collaboration") ? element.children.filter((one) => is(one, "bpmn:Participant")) : [];
  return pools.length === 1 ? pools[0] : element;
}

// A group of theirs, open, without the entries that stand for what we refuse.
function without(theirs, refused) {
  if (!theirs.entries) return theirs;
  const isRefused = ({ id }) => refused.some((part) => id.includes(part));
  return { ...theirs, shouldOpen: true, entries: theirs.entries.filter((entry) => !isRefused(entry)) };
}

export default { __init__: ["studioPanel"], studioPanel: ["type", Provider] };
