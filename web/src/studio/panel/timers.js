// When a timer fires: after days, hours or working days, at a moment, or again and again.
import { eventDefinition } from "../editing.js";
import { word } from "../words.js";
import { DUE, WORKING_DAYS } from "./deadlines.js";
import { choice, expression, group, text } from "./fields.js";

// How each kind is kept: the element of BPMN, and the text for a count; `first` is what a new one begins with.
const KINDS = {
  days: { keep: "timeDuration", pattern: /^P(\d+)D$/, say: (count) => `P${count}D`, first: "3" },
  hours: { keep: "timeDuration", pattern: /^PT(\d+)H$/, say: (count) => `PT${count}H`, first: "8" },
  working_days: {
    keep: "timeDate",
    pattern: WORKING_DAYS,
    say: DUE.working_days,
    first: "3",
  },
  date: { keep: "timeDate", first: "=now()" },
  duration: { keep: "timeDuration", first: '=duration("P1D")' },
  cycle: { keep: "timeCycle", first: "R/P7D" },
};

// What a timer says: [kind, count].
export function readTimer(keep, body = "") {
  if (!keep) return ["", ""];
  for (const [kind, { keep: kept, pattern }] of Object.entries(KINDS)) {
    const found = kept === keep && pattern?.exec(body);
    if (found) return [kind, found[1]];
  }
  return [{ timeDuration: "duration", timeDate: "date", timeCycle: "cycle" }[keep], ""];
}

// Which element of BPMN a plain text of a timer belongs into.
export function keptAs(body) {
  if (body.startsWith("R")) return "timeCycle";
  return body.startsWith("P") ? "timeDuration" : "timeDate";
}

export function timers(element, { editing }) {
  if (!eventDefinition(element, "bpmn:TimerEventDefinition")) return [];
  const [keep, body] = editing.timer(element);
  const [kind, count] = readTimer(keep, body);
  const put = (name, value) => editing.setTimer(element, KINDS[name]?.keep, value);
  return group(
    "timer",
    [
      choice({
        id: "timer_kind",
        label: word("timer_kind"),
        get: () => kind,
        set: (name) => put(name, KINDS[name]?.say?.(/^\d+$/.test(count) ? count : KINDS[name].first) ?? KINDS[name]?.first),
        options: () => ["", ...kindsFor(element)].map((value) => ({ value, label: word(`timer_${value || "none"}`) })),
      }),
      KINDS[kind]?.say &&
        text({
          id: "timer_count",
          label: word(`timer_count_${kind}`),
          get: () => count,
          set: (value) => put(kind, KINDS[kind].say((value || "").trim() || "0")),
        }),
      kind &&
        expression({
          id: "timer_value",
          label: word("timer_value"),
          hint: word(`timer_hint_${kind}`),
          get: () => body,
          set: (value) => editing.setTimer(element, keep, value),
        }),
    ],
    { open: true },
  );
}

// What waits once cannot repeat; a process that starts by the clock has nothing to count days from.
function kindsFor(element) {
  const kinds = Object.keys(KINDS);
  return element.type === "bpmn:IntermediateCatchEvent" ? kinds.filter((kind) => kind !== "cycle") : kinds;
}
