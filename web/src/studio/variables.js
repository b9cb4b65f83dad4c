// Variables that the diagram itself does not show: what the start hands over, what forms and actions give.
import VariableProvider from "@bpmn-io/variable-resolver/lib/VariableProvider";
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

class ListedVariables extends VariableProvider {
  constructor(variableResolver, studioLists) {
    super(variableResolver);
    this._lists = studioLists;
  }

  getVariables(element) {
    if (is(element, "bpmn:UserTask")) return (this._lists.form_fields[formOf(element)] || []).map((name) => ({ name }));
    if (!is(element, "bpmn:Process") && !is(element, "bpmn:Participant")) return [];
    return this._lists.variables.map(({ name, info }) => ({ name, info }));
  }
}

ListedVariables.$inject = ["variableResolver", "studioLists"];

function formOf(element) {
  const values = getBusinessObject(element).extensionElements?.get("values") || [];
  return values.find((value) => is(value, "zeebe:FormDefinition"))?.formId;
}

export default { __init__: ["listedVariables"], listedVariables: ["type", ListedVariables] };
