"""A directive as it is entered: what the form ``enter_directive`` hands in, read into plain facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from engine.feel import Value
from processes.awards.answers import day_of, rows_of, text_of, whole_of, wholes_of
from processes.directive_task.report_days import ONCE

ALL_UNITS: Final = "*"
"""``role@*`` among the recipients: whoever holds the role in any unit."""


@dataclass(frozen=True)
class ItemEntry:
    """One numbered item; its number is its place in the list, from 1."""

    text: str
    summary: str = ""
    summary_en: str = ""


@dataclass(frozen=True)
class TaskEntry:
    """One task. ``item`` is the number of its item, units are codes."""

    name: str
    lead_unit: str
    starts_on: date | None
    due_on: date | None
    rhythm: str = ONCE
    item: int | None = None
    partners: tuple[str, ...] = ()
    name_en: str = ""


@dataclass(frozen=True)
class TargetEntry:
    """A figure of a task; ``task`` is the number of the task in the list, from 1."""

    task: int | None
    name: str
    measure: str
    lowest: Decimal | None
    highest: Decimal | None = None
    name_en: str = ""
    measure_en: str = ""


@dataclass(frozen=True)
class RecipientEntry:
    """One line of the recipients' list: a group (``role``, ``role@unit``, ``role@*``) or an address."""

    name: str
    group: str = ""
    address: str = ""
    name_en: str = ""


@dataclass(frozen=True)
class DirectiveEntry:
    """All that is entered of a directive."""

    number: str
    subject: str
    issued_on: date | None
    signer: str
    signer_title: str
    closes_on: date | None
    subject_en: str = ""
    upload_id: int | None = None
    items: tuple[ItemEntry, ...] = ()
    tasks: tuple[TaskEntry, ...] = ()
    targets: tuple[TargetEntry, ...] = ()
    recipients: tuple[RecipientEntry, ...] = ()


def read_entry(answers: Mapping[str, Value]) -> DirectiveEntry:
    """Return what the answers to ``enter_directive`` say; what is missing or no number is None or empty."""
    return DirectiveEntry(
        number=text_of(answers, "number"),
        subject=text_of(answers, "subject"),
        subject_en=text_of(answers, "subject_en"),
        issued_on=day_of(answers, "issued_on"),
        signer=text_of(answers, "signer"),
        signer_title=text_of(answers, "signer_title"),
        closes_on=day_of(answers, "closes_on"),
        upload_id=next(iter(wholes_of(answers, "document")), None),
        items=tuple(
            ItemEntry(text_of(row, "text"), text_of(row, "summary"), text_of(row, "summary_en"))
            for row in rows_of(answers, "items")
        ),
        tasks=tuple(_task(row) for row in rows_of(answers, "tasks")),
        targets=tuple(_target(row) for row in rows_of(answers, "targets")),
        recipients=tuple(
            RecipientEntry(
                name=text_of(row, "name"),
                group=text_of(row, "group"),
                address=text_of(row, "address"),
                name_en=text_of(row, "name_en"),
            )
            for row in rows_of(answers, "recipients")
        ),
    )


def _task(row: Mapping[str, Value]) -> TaskEntry:
    partners = row.get("partners")
    return TaskEntry(
        name=text_of(row, "name"),
        name_en=text_of(row, "name_en"),
        lead_unit=text_of(row, "lead_unit"),
        partners=tuple(code for code in partners if isinstance(code, str))
        if isinstance(partners, list)
        else (),
        starts_on=day_of(row, "starts_on"),
        due_on=day_of(row, "due_on"),
        rhythm=text_of(row, "rhythm"),
        item=whole_of(row, "item_number"),
    )


def _target(row: Mapping[str, Value]) -> TargetEntry:
    return TargetEntry(
        task=whole_of(row, "task"),
        name=text_of(row, "name"),
        name_en=text_of(row, "name_en"),
        measure=text_of(row, "measure"),
        measure_en=text_of(row, "measure_en"),
        lowest=_number(row, "lowest"),
        highest=_number(row, "highest"),
    )


def _number(row: Mapping[str, Value], name: str) -> Decimal | None:
    value = row.get(name)
    return value if isinstance(value, Decimal) else None
