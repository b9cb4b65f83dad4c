"""What a migration changes in the rows of an instance, kept so that it can be taken back exactly."""

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Enum, Table, Uuid, and_, delete, insert, or_, select, update
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from engine import reminders
from engine.database import table_of
from engine.models import (
    Base,
    DigestItem,
    Incident,
    MessageSubscription,
    OutboxMail,
    Reminder,
    Task,
    TaskCandidate,
    TaskState,
    Timer,
    UtcDateTime,
)

Snapshot = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""Table -> key of a row, as JSON -> column -> value, as JSON."""


@dataclass(frozen=True)
class _Kept:
    """A table whose rows of an instance are compared; ``columns`` names a part of them, none means all."""

    model: type[Base]
    columns: tuple[str, ...] = ()
    removed_if: tuple[ColumnElement[bool], ...] | None = ()
    """When a row that the migration added is taken away again; None: never."""

    @property
    def table(self) -> Table:
        return table_of(self.model)


# In the order in which rows can be written: who is named comes first.
_TABLES: Final = (
    _Kept(Incident, ("id", "state", "resolved_at"), None),
    _Kept(Task, removed_if=None),
    _Kept(TaskCandidate),
    _Kept(Timer),
    _Kept(MessageSubscription),
    _Kept(Reminder, removed_if=(Reminder.sent_at.is_(None),)),
    _Kept(OutboxMail, ("id", "state", "due_at"), None),
    _Kept(DigestItem, removed_if=(DigestItem.mail_id.is_(None),)),
)


def snapshot(session: Session, instance_id: int) -> Snapshot:
    """Return the rows that hang on an instance, as they now stand. The caller holds the instance's lock."""
    return {kept.table.name: _rows(session, kept, instance_id) for kept in _TABLES}


def difference(before: Snapshot, after: Snapshot) -> dict[str, Any]:
    """Return, as JSON, what leads from ``after`` back to ``before``."""
    found: dict[str, Any] = {}
    for name in before:
        was, now = before[name], after[name]
        changed = {
            key: {
                column: [row[column], now[key][column]] for column in row if row[column] != now[key][column]
            }
            for key, row in was.items()
            if key in now and row != now[key]
        }
        found[name] = {
            "changed": changed,
            "gone": [row for key, row in was.items() if key not in now],
            "added": [key for key in now if key not in was],
        }
    return found


def restore(session: Session, changes: Mapping[str, Any], instance_id: int) -> None:
    """Put the rows of an instance back; what people have changed since stays as they left it. Flushes."""
    session.flush()
    current = snapshot(session, instance_id)
    for kept in reversed(_TABLES):
        for key in changes[kept.table.name]["added"]:
            _remove(session, kept, key)
    for kept in _TABLES:
        name = kept.table.name
        for key, columns in changes[name]["changed"].items():
            row = current[name].get(key, {})
            values = {column: was for column, (was, left) in columns.items() if row.get(column) == left}
            if values:
                session.execute(
                    update(kept.table).where(_is(kept.table, key)).values(_decoded(kept.table, values))
                )
        rows = [_decoded(kept.table, row) for row in changes[name]["gone"]]
        if rows:
            session.execute(insert(kept.table), rows)
    session.expire_all()


def _rows(session: Session, kept: _Kept, instance_id: int) -> dict[str, dict[str, Any]]:
    table = kept.table
    columns = [table.c[name] for name in kept.columns] or list(table.c)
    found = session.execute(select(*columns).where(_belongs(table, instance_id))).mappings()
    rows = [{name: _encoded(value) for name, value in row.items()} for row in found]
    return {_key(table, row): row for row in rows}


def _belongs(table: Table, instance_id: int) -> ColumnElement[bool]:
    """Return the condition for the rows of an instance, its own and those of its tasks."""
    of_tasks = select(Task.id).where(Task.instance_id == instance_id)
    if "instance_id" not in table.c:
        return table.c.task_id.in_(of_tasks)
    own = table.c.instance_id == instance_id
    return or_(own, table.c.task_id.in_(of_tasks)) if "task_id" in table.c else own


def _remove(session: Session, kept: _Kept, key: str) -> None:
    if kept.model is Task:
        [task_id] = json.loads(key)
        session.execute(update(Task).where(Task.id == task_id).values(state=TaskState.CANCELLED))
        reminders.drop_for(session, task_id)
    elif kept.removed_if is not None:
        session.execute(delete(kept.table).where(_is(kept.table, key), *kept.removed_if))


def _key(table: Table, row: Mapping[str, Any]) -> str:
    return json.dumps([row[column.name] for column in table.primary_key])


def _is(table: Table, key: str) -> ColumnElement[bool]:
    names = [column.name for column in table.primary_key]
    values = _decoded(table, dict(zip(names, json.loads(key), strict=True)))
    return and_(*(table.c[name] == value for name, value in values.items()))


def _encoded(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    return value.value if isinstance(value, enum.Enum) else value


def _decoded(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(table.c[name].type, value) for name, value in row.items()}


def _value(kind: TypeEngine[Any], value: Any) -> Any:  # noqa: ANN401  # what a column holds
    if value is None:
        return None
    match kind:
        case UtcDateTime():
            return datetime.fromisoformat(value)
        case Uuid():
            return UUID(value)
        case Enum(enum_class=type() as members):
            return members(value)
        case _:
            return value
