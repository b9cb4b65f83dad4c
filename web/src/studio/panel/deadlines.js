// Until when a user task is due, and who is reminded when: of one task, or of all tasks of a process.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { processOf } from "../editing.js";
import { word } from "../words.js";
import { choice, expression, group, text, tick } from "./fields.js";

export const WORKING_DAYS = /^=\s*add working days\(\s*today\(\)\s*,\s*([A-Za-z0-9_.]+)\s*\)\s*$/;
const DAYS = /^=\s*today\(\)\s*\+\s*duration\("P(\d+)D"\)\s*$/;
const FIRST_COUNT = "5";
export const DUE = {
  working_days: (count) => `=add working days(today(), ${count})`,
  days: (count) => `=today() + duration("P${count}D")`,
};

// What a due date says: [kind, count]; kind is "", "working_days", "days" or "own".
export function readDue(due = "") {
  if (!due) return ["", ""];
  const working = WORKING_DAYS.exec(due);
  if (working) return ["working_days", working[1]];
  const days = DAYS.exec(due);
  return days ? ["days", days[1]] : ["own", ""];
}

export function deadlines(element, { editing }) {
  if (processOf(element)) return group("deadline", reminders(element, editing), { open: true });
  if (!is(element, "bpmn:UserTask")) return [];
  const holder = element.businessObject;
  const read = () => editing.extension(holder, "zeebe:TaskSchedule")?.get("dueDate") || "";
  const write = (dueDate) => editing.setExtension(element, holder, "zeebe:TaskSchedule", { dueDate: dueDate || undefined });
  const [kind, count] = readDue(read());
  const kinds = ["", "working_days", "days", "own"];
  return group(
    "deadline",
    [
      choice({
        id: "due_kind",
        label: word("due_kind"),
        get: () => kind,
        set: (chosen) => write(chosen === "own" ? "=today()" : DUE[chosen]?.(/^\d+$/.test(count) ? count : FIRST_COUNT)),
        options: () => kinds.map((value) => ({ value, label: word(`due_${value || "none"}`) })),
      }),
      DUE[kind] &&
        text({
          id: "due_count",
          label: word(`due_count_${kind}`),
          hint: word("due_count_hint"),
          get: () => count,
          set: (number) => write(DUE[kind]((number || "").trim() || "0")),
        }),
      kind &&
        expression({
          id: "due_date",
          label: word("expression"),
          hint: word("due_date_hint"),
          get: read,
          set: write,
        }),
      ...reminders(element, editing),
    ],
    { open: true },
  );
}

// The ladder as the engine reads it: before:3,before:1,due,after:5,head:2,overseer:5; none; nothing for the usual one.
export function readLadder(ladder) {
  const steps = (ladder || "").split(",").map((step) => step.trim().split(":"));
  const counts = (kind) => steps.filter(([name]) => name === kind).map(([, count]) => count);
  const [after = "", head = "", overseer = ""] = ["after", "head", "overseer"].map((kind) => counts(kind)[0]);
  return { before: counts("before").join(", "), due: counts("due").length > 0, after, head, overseer };
}

export function writeLadder({ before, due, after, head, overseer }) {
  const days = before.split(",").map((day) => day.trim());
  const steps = [
    ...[...new Set(days)].map((day) => day && `before:${day}`),
    due && "due",
    after && `after:${after}`,
    head && `head:${head}`,
    overseer && `overseer:${overseer}`,
  ];
  return steps.filter(Boolean).join(",") || "none";
}

const USUAL = "before:2,due,after:5,head:2,overseer:5";
const DAYS_OF = { after: [/^([1-9]|1\d|20)$/, "days_to_twenty"], before: [/^[1-9]\d?(\s*,\s*[1-9]\d?)*$/, "lists_of_days"] };
const ONE_COUNT = [/^[1-9]\d?$/, "whole_days"];

function reminders(element, editing) {
  const isOfAll = Boolean(processOf(element));
  const ladder = (isOfAll ? editing.processProperty(element, "reminders") : editing.property(element, "reminders")) || "";
  const kind = !ladder || ladder === "none" ? ladder : "own";
  const put = (value) =>
    isOfAll ? editing.setProcessProperty(element, "reminders", value) : editing.setProperty(element, "reminders", value);
  const now = readLadder(ladder);
  const usual = isOfAll ? "usual" : "of_process";
  const days = (name) => {
    const [shape, wrong] = DAYS_OF[name] || ONE_COUNT;
    return text({
      id: `reminders_${name}`,
      label: word(`reminders_${name}`),
      get: () => now[name],
      // What is no number of days stays in the field beside its complaint.
      set: (value = "") => (value && !shape.test(value)) || put(writeLadder({ ...now, [name]: value })),
      check: (value) => (value && !shape.test(value) ? word(wrong) : null),
    });
  };
  return [
    choice({
      id: "reminders",
      label: word(isOfAll ? "reminders_of_all" : "reminders"),
      hint: word("reminders_hint"),
      get: () => kind,
      set: (chosen) => put({ "": undefined, none: "none", own: USUAL }[chosen]),
      options: () => ["", "none", "own"].map((value) => ({ value, label: word(`reminders_kind_${value || usual}`) })),
    }),
    ...(kind === "own"
      ? [
          days("before"),
          tick({
            id: "reminders_due",
            label: word("reminders_due"),
            get: () => now.due,
            set: (due) => put(writeLadder({ ...now, due })),
          }),
          days("after"),
          days("head"),
          days("overseer"),
        ]
      : []),
  ];
}
