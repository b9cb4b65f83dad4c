"""What the demo's directive says and how its tasks fare: read from ``directive.json``, dated by the present.

The document keeps its own number, day and words. Its tasks are dated by the day the demo is filled, so that
they are under way. Figures are made up: they follow the time at each target's pace.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from importlib import resources
from typing import Any, Final

from processes.awards.directive_states import share_of_time
from processes.awards.models import DirectiveTask

CLOSES_IN: Final = timedelta(days=34)
MADE_UP: Final = " (Số liệu minh họa.)"
_LAST_WEEK: Final = timedelta(days=4)
"""A due day without work is reported on the working day before it."""
_WHOLE: Final = 100
_AT_THE_START: Final = Decimal("0.93")
"""What share of itself a level, as against a sum, has when the year begins."""


@dataclass(frozen=True)
class Plan:
    """The document, and what is to become of its tasks by ``present``."""

    document: Mapping[str, Any]
    present: date

    def of_task(self, position: int) -> Mapping[str, Any]:
        """Return what is to become of the task of that position."""
        planned: Mapping[str, Any] = self.document["tasks"][position - 1]
        return planned

    def entry(self, *, starts_on: date, upload_id: int) -> dict[str, object]:
        """Return what is entered of the directive, as the answers of its form."""
        document = self.document
        return {
            **{
                name: document[name] for name in ("number", "subject", "subject_en", "signer", "signer_title")
            },
            "issued_on": date.fromisoformat(document["issued_on"]),
            "closes_on": self.present + CLOSES_IN,
            "document": [upload_id],
            "items": document["items"],
            "tasks": [self._task(task, starts_on) for task in document["tasks"]],
            "targets": [
                _target(target, position)
                for position, task in enumerate(document["tasks"], 1)
                for target in task["targets"]
            ],
            "recipients": document["recipients"],
        }

    def report(self, task: DirectiveTask) -> dict[str, object]:
        """Return a report on a task for its next report day, as the answers of its form."""
        planned, day = self.of_task(task.position), task.next_report_on or task.due_on
        share = share_of_time(task.starts_on, task.due_on, day)
        is_final = bool(planned.get("is_finished")) and day >= task.due_on - _LAST_WEEK
        percent = min(_WHOLE - 1, int(share * Decimal(str(planned["pace"])) * _WHOLE))
        return {
            "progress_percent": Decimal(_WHOLE if is_final else max(percent, task.progress_percent)),
            "is_final": is_final,
            "report_text": planned["text"] + MADE_UP,
            "difficulties": "",
            "lower_because": "",
            "figures": [
                {"target_id": Decimal(target.id), "value": _value(figure, share)}
                for target, figure in zip(task.targets, planned["targets"], strict=True)
            ],
        }

    def _task(self, task: Mapping[str, Any], starts_on: date) -> dict[str, object]:
        return {
            **{name: task[name] for name in ("name", "name_en", "partners", "rhythm")},
            "item_number": task["item"],
            "lead_unit": task["lead"],
            "starts_on": starts_on,
            "due_on": self.present + timedelta(days=task["due_in_days"]),
        }


def load_plan(present: date) -> Plan:
    """Read the plan of the demo."""
    text = resources.files("processes.awards.demo").joinpath("directive.json").read_text("utf-8")
    return Plan(json.loads(text), present)


def _target(target: Mapping[str, Any], position: int) -> dict[str, object]:
    return {
        "task": position,
        **{name: target[name] for name in ("name", "name_en", "measure", "measure_en")},
        "lowest": Decimal(target["lowest"]),
        "highest": Decimal(target["highest"]) if target["highest"] else None,
    }


def _value(target: Mapping[str, Any], share: Decimal) -> Decimal:
    """Return a figure at a share of the time: a sum has grown with it, a level has moved a little."""
    lowest, pace, decimals = Decimal(target["lowest"]), Decimal(str(target["pace"])), int(target["decimals"])
    grown = _AT_THE_START + share * (1 - _AT_THE_START) if target["is_level"] else share
    value: Decimal = round(lowest * pace * grown, decimals)
    return min(value, lowest) if target["is_capped"] else value
