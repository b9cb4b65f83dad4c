// What a step works with: the form of a person, the action of the system, the mail, the decision, the called process.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { eventDefinition } from "../editing.js";
import { word } from "../words.js";
import { roleFields } from "./assignment.js";
import { choice, expression, group, link, options, text } from "./fields.js";

export const MAIL = "send_mail";

export function work(element, tools) {
  if (is(element, "bpmn:UserTask")) return form(element, tools);
  if (is(element, "bpmn:BusinessRuleTask")) return decision(element, tools);
  if (is(element, "bpmn:CallActivity")) return called(element, tools);
  const throws = is(element, "bpmn:ThrowEvent") && eventDefinition(element, "bpmn:MessageEventDefinition");
  if (is(element, "bpmn:ServiceTask") || is(element, "bpmn:SendTask") || throws) return action(element, tools);
  return [];
}

function form(element, { editing, lists }) {
  const holder = element.businessObject;
  const formId = () => editing.extension(holder, "zeebe:FormDefinition")?.get("formId") || "";
  const file = lists.forms.find((one) => one.id === formId())?.file;
  return group(
    "form",
    [
      choice({
        id: "form_id",
        label: word("form_id"),
        get: formId,
        set: (id) => editing.setExtension(element, holder, "zeebe:FormDefinition", { formId: id || undefined }),
        options: () => options(lists.forms, formId(), { value: "id" }),
      }),
      file && link({ id: "open_form", label: word("open_form"), href: `?file=${encodeURIComponent(file)}` }),
      property("values", lists.form_sources),
      property("record", lists.records),
    ],
    { open: true },
  );

  function property(name, list) {
    return choice({
      id: name,
      label: word(name),
      hint: word(`${name}_hint`),
      get: () => editing.property(element, name) || "",
      set: (value) => editing.setProperty(element, name, value),
      options: () => options(list, editing.property(element, name), { none: word("nothing") }),
    });
  }
}

function action(element, { editing, lists }) {
  const holder = editing.worker(element);
  const type = () => editing.extension(holder, "zeebe:TaskDefinition")?.get("type") || "";
  const mail = { code: MAIL, name: word("send_mail") };
  const known = lists.actions.some(({ code }) => code === MAIL) ? lists.actions : [mail, ...lists.actions];
  return group(
    "action",
    [
      choice({
        id: "action",
        label: word("action"),
        get: type,
        set: (code) => editing.setExtension(element, holder, "zeebe:TaskDefinition", { type: code || undefined }),
        options: () => options(known, type()),
      }),
      ...(type() === MAIL ? mailFields(element, { editing, lists }) : []),
    ],
    { open: true },
  );
}

function mailFields(element, { editing, lists }) {
  const mails = lists.texts.filter(({ type }) => type === "mail");
  const receivers = {
    id: "mail_to",
    get: () => editing.header(element, "to") || "",
    set: (value) => editing.setHeader(element, "to", value),
  };
  return [
    choice({
      id: "mail_text",
      label: word("mail_text"),
      get: () => editing.header(element, "text") || "",
      set: (id) => editing.setHeader(element, "text", id),
      options: () => options(mails, editing.header(element, "text"), { value: "id" }),
    }),
    ...roleFields(receivers, lists),
  ];
}

function decision(element, { editing, lists }) {
  const holder = element.businessObject;
  const read = (name) => editing.extension(holder, "zeebe:CalledDecision")?.get(name) || "";
  const write = (values) => editing.setExtension(element, holder, "zeebe:CalledDecision", values);
  const file = lists.tables.find((one) => one.decision_id === read("decisionId"))?.file;
  return group(
    "decision",
    [
      choice({
        id: "decision_id",
        label: word("decision_id"),
        get: () => read("decisionId"),
        set: (id) => write({ decisionId: id || undefined }),
        options: () => options(lists.tables, read("decisionId"), { value: "decision_id" }),
      }),
      file && link({ id: "open_table", label: word("open_table"), href: `?file=${encodeURIComponent(file)}` }),
      text({
        id: "result_variable",
        label: word("result_variable"),
        hint: word("result_variable_hint"),
        get: () => read("resultVariable"),
        set: (resultVariable) => write({ resultVariable: resultVariable || undefined }),
      }),
    ],
    { open: true },
  );
}

function called(element, { editing, lists }) {
  const holder = element.businessObject;
  const read = () => editing.extension(holder, "zeebe:CalledElement")?.get("processId") || "";
  return group(
    "called",
    [
      choice({
        id: "called_process",
        label: word("called_process"),
        get: read,
        set: (processId) => editing.setExtension(element, holder, "zeebe:CalledElement", { processId: processId || undefined }),
        options: () => options(lists.processes, read(), { value: "key" }),
      }),
    ],
    { open: true },
  );
}

export function priority(element, { editing }) {
  if (!is(element, "bpmn:UserTask")) return [];
  const holder = element.businessObject;
  return [
    expression({
      id: "priority",
      label: word("priority"),
      hint: word("priority_hint"),
      get: () => editing.extension(holder, "zeebe:PriorityDefinition")?.get("priority"),
      set: (value) => editing.setExtension(element, holder, "zeebe:PriorityDefinition", { priority: value || undefined }),
    }),
    text({
      id: "page",
      label: word("page"),
      hint: word("page_hint"),
      get: () => editing.property(element, "page") || "",
      set: (value) => editing.setProperty(element, "page", value),
    }),
  ];
}
