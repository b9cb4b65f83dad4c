"""What the layers above hand down to the engine: actions, form sources, roles, folders.

A session carries it (``session.info``), so that services need neither globals nor one more parameter each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from engine.feel import Value
from engine.mail import ComposeMail, compose_plainly

if TYPE_CHECKING:
    from engine.diagram import Element
    from engine.models import Person, ProcessInstance, Task, Unit


@dataclass(frozen=True)
class ActionCall:
    """What an action is called with. It runs in the transaction of the step; it flushes, never commits."""

    session: Session
    instance: "ProcessInstance"
    element: "Element"
    variables: Mapping[str, Value]
    """Everything in reach of the element, input mappings applied."""
    actor: "Person | None"
    """Who completed the task that led here; None for a timer, a message or a schedule."""
    now: datetime
    task: "Task | None" = None
    """The user task whose answers are recorded; None for a service task."""


ActionResult = Mapping[str, Value] | None
Action = Callable[[ActionCall], ActionResult]
"""May raise ``BpmnError`` for an error event of the diagram; any other failure becomes an incident."""


@dataclass(frozen=True)
class FormCall:
    """What a form source is asked with, when the page of a task is shown or handed in."""

    session: Session
    instance: "ProcessInstance"
    task: "Task"
    variables: Mapping[str, Value]
    reader: "Person"
    now: datetime


FormSource = Callable[[FormCall], Mapping[str, Value]]
"""Gives the values a form starts with: fields, rows, read-only facts and lists of options (``valuesKey``)."""


@dataclass(frozen=True)
class Role:
    """A role people may hold. ``code`` is what a diagram names as candidate group."""

    code: str
    name_vi: str
    name_en: str
    per_unit: bool = False
    """Whether it is held in a unit (``head@sales``) or in the whole city (``director``)."""
    head_role: str | None = None
    """Who is told when a task of this role is overdue, in the same unit where the role is per unit."""


def _never(_session: Session, _unit: "Unit", _heir: "Unit") -> bool:
    return False


def _nothing(_session: Session, _unit: "Unit", _heir: "Unit", _now: datetime) -> None:
    return None


@dataclass(frozen=True)
class Setup:
    """One installation's wiring."""

    roles: Mapping[str, Role] = field(default_factory=dict[str, Role])
    actions: Mapping[str, Action] = field(default_factory=dict[str, Action])
    form_sources: Mapping[str, FormSource] = field(default_factory=dict[str, FormSource])
    files: Path = Path("var/files")
    keys: Path = Path("var/keys")
    """Private keys, outside the database and every backup."""
    upload_limit_bytes: int = 20 * 1024 * 1024
    fonts: Path | None = None
    """A folder of fonts for documents; None: the fonts of the system."""
    sees_everything: frozenset[str] = frozenset()
    """Roles whose holders may read every instance."""
    administers: frozenset[str] = frozenset()
    """Roles whose holders may cancel instances, hand over anybody's task and retry incidents."""
    overseer_role: str | None = None
    """Whose holders are told of what is late for long, and of what nobody else can be told."""
    compose_mail: ComposeMail = compose_plainly
    """Words every mail, in the receiver's language."""
    mail_domain: str = "vinhdanh.invalid"
    """The right side of every Message-ID and List-Id."""
    holds_up_succession: Callable[[Session, "Unit", "Unit"], bool] = _never
    """Whether an abolished unit cannot go to its heir just now, as while a vote goes on about one of them."""
    follow_succession: Callable[[Session, "Unit", "Unit", datetime], None] = _nothing
    """Moves what the layers above keep of an abolished unit to its heir, in the same transaction."""


def of(session: Session) -> Setup:
    """Return the setup that ``session`` carries."""
    setup = session.info.get("setup")
    return setup if isinstance(setup, Setup) else Setup()
