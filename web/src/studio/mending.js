// Applies what a problem proposes as changes of the diagram, so that they can be undone.
import { keptAs } from "./panel/timers.js";

export class Mending {
  constructor(elementRegistry, modeling, studioEditing, directEditing, selection) {
    const at = (id) => elementRegistry.get(id);
    this._kinds = {
      default_flow: ({ gateway_id: gateway, flow_id: flow }) =>
        modeling.updateProperties(at(gateway), { default: at(flow).businessObject }),
      set_form: ({ element_id: id, form_id: formId }) => this._extend(at(id), "zeebe:FormDefinition", { formId }),
      set_group: ({ element_id: id, group: candidateGroups }) =>
        this._extend(at(id), "zeebe:AssignmentDefinition", { candidateGroups }),
      set_property: ({ element_id: id, name, value }) => studioEditing.setProperty(at(id), name, value),
      set_timer: ({ element_id: id, value }) => studioEditing.setTimer(at(id), keptAs(value), value),
      set_condition: ({ flow_id: flow, value }) => studioEditing.setCondition(at(flow), value),
      name_element: ({ element_id: id }) => directEditing.activate(at(id)),
      remove: ({ element_id: id }) => modeling.removeElements([at(id)]),
    };
    this._at = at;
    this._editing = studioEditing;
    this._selection = selection;
  }

  // Whether this editor knows how, and still has the elements that the proposal names.
  can(mend) {
    if (!mend || !(mend.kind in this._kinds)) return false;
    return ["element_id", "gateway_id", "flow_id"].every((name) => !mend.values[name] || this._at(mend.values[name]));
  }

  do(mend) {
    this._kinds[mend.kind](mend.values);
  }

  _extend(element, type, attributes) {
    this._editing.setExtension(element, element.businessObject, type, attributes);
  }
}

Mending.$inject = ["elementRegistry", "modeling", "studioEditing", "directEditing", "selection"];

export default { __init__: ["studioMending"], studioMending: ["type", Mending] };
