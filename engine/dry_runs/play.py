"""One definition being played by the engine itself, in a scratch, under a clock of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine import (
    definitions,
    messages,
    outbox,
    reminders,
    timers,
)
from engine.calendar import DayOverride
from engine.database import transaction
from engine.diagram import Element
from engine.dry_runs import acts, agenda, cast, opening, walks
from engine.dry_runs.acts import Act
from engine.dry_runs.demands import Demands, read_demands
from engine.dry_runs.pretence import Called, Pretence, Result
from engine.dry_runs.scratch import Scratch, Step, add_step, steps_of, tried
from engine.errors import EngineError, InvalidInputError
from engine.feel import Value
from engine.forms import Form
from engine.models import (
    DefinitionVersion,
    HistoryEvent,
    OutboxMail,
)
from engine.setup import Setup
from engine.spiff import Program

STEPS_LIMIT: Final = 300
"""No run is longer."""
_MOMENTS_LIMIT: Final = 400
"""So many moments at which something is due may lie in one jump."""
_FIRST_HOUR: Final = 8
_SAMPLE: Final = b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\n%%EOF\n"


class RunTooLongError(InvalidInputError):
    """A dry run has come to its bounds; begin another one."""


@dataclass(frozen=True)
class Rehearsal:
    """What a step would do. Nothing of it was kept."""

    flows: frozenset[str]
    called: tuple[Called, ...]
    failure: str


class _Drawer:
    """Takes mails and sends them nowhere: they lie in the scratch's outbox, to be read."""

    def send(self, message: object, address: str) -> str:  # noqa: ARG002  # of the protocol
        """See ``engine.outbox.Transport``."""
        return ""


class DryRun:
    """One definition being played. Every method that plays is one step, written down when it is done."""

    def __init__(self, scratch: Scratch, setup: Setup) -> None:
        """Go on with the run that ``scratch`` holds; ``setup`` is the installation's, with a files folder."""
        self._scratch = scratch
        with scratch.factory(setup)() as session:
            version = session.scalars(select(DefinitionVersion)).one()
            self.key = version.key
            self.bundle = definitions.files_of(version)
            self.program: Program = definitions.program_of(session, version.id)
            self.now = steps_of(session)[-1].now if _has_steps(session) else version.created_at
        self.forms: Mapping[str, Form] = opening.forms_of(self.bundle)
        self.demands: Demands = read_demands(self.program, self.key, self.forms, self.bundle)
        self.pretence = Pretence(self.demands, self.forms)
        dressed = self.pretence.dress(setup)
        self.roles = dressed.roles
        self.factory: sessionmaker[Session] = scratch.factory(dressed)

    @classmethod
    def begin(  # noqa: PLR0913  # what is played, with what, by whom and when
        cls,
        key: str,
        bundle: Mapping[str, bytes],
        setup: Setup,
        *,
        folder: Path,
        days: Mapping[date, DayOverride] | None = None,
        language: str,
        now: datetime,
    ) -> "DryRun":
        """Open a scratch with the definition and invented people, on the morning of a working day.

        What is handed in lies in ``folder``; ``days`` are the installation's decisions on days people work;
        mails are worded in ``language``.

        Raises:
            NotPublishableError: something in the files cannot run as drawn; its ``problems`` say what.
            InvalidInputError: no diagram has the process ``key``.

        """
        setup = replace(setup, files=folder)
        scratch = opening.open_scratch(key, bundle, setup, days or {}, now=now)
        run = cls(scratch, setup)
        with transaction(run.factory) as session:
            cast.invent(session, run.demands, run.roles, language=language, now=run.now)
            add_step(session, "begun", now=run.now, facts={}, flows=[], last_event_id=0, last_mail_id=0)
        return run

    @classmethod
    def resume(cls, content: bytes, setup: Setup) -> "DryRun":
        """Go on with what ``content`` returned."""
        return cls(Scratch(content), setup)

    def content(self) -> bytes:
        """Return the whole run as it stands, to go on with later."""
        return self._scratch.content()

    def close(self) -> None:
        """Let go of the scratch."""
        self._scratch.close()

    # Steps

    def start(
        self,
        variables: Mapping[str, Value],
        *,
        start_element_id: str | None = None,
        results: Mapping[str, Result] | None = None,
    ) -> None:
        """Start an instance; a first step that fails leaves an incident.

        Raises:
            RunTooLongError: the run is long enough.

        """
        self._play("started", acts.starting(self.key, variables, start_element_id, now=self.now), results)

    def complete(
        self,
        task_id: int,
        answers: Mapping[str, Value],
        *,
        actor_id: int,
        results: Mapping[str, Result] | None = None,
    ) -> None:
        """Hand in a task as one of the invented people.

        Raises:
            NotFoundError, NotAllowedError, TaskAlreadyCompletedError: as ``tasks.complete_task``.
            RunTooLongError: the run is long enough.

        """
        self._play("completed", acts.completing(task_id, answers, actor_id, now=self.now), results)

    def send(
        self, wait: UUID, variables: Mapping[str, Value], *, results: Mapping[str, Result] | None = None
    ) -> None:
        """Send the message that a token waits for.

        Raises:
            NotFoundError: nothing waits there.
            RunTooLongError: the run is long enough.

        """
        self._play("sent", acts.sending(wait, variables, now=self.now), results)

    def retry(self, incident_id: int, results: Mapping[str, Result] | None = None) -> None:
        """Try a failed step again.

        Raises:
            NotFoundError: no such incident.
            RunTooLongError: the run is long enough.

        """
        self._play("retried", acts.retrying(incident_id, now=self.now), results)

    def jump(self, moment: datetime) -> None:
        """Let time pass up to a moment; everything due on the way happens at its own moment.

        Raises:
            InvalidInputError: the moment has passed.
            RunTooLongError: too much is due on the way, or the run is long enough.

        """
        if moment < self.now:
            raise InvalidInputError(f"{moment} lies before {self.now}")
        before = self.now
        self._play("jumped", lambda _: {"from": before.isoformat()}, until=moment)

    def rehearse(self, act: Act, results: Mapping[str, Result]) -> Rehearsal:
        """Return what a step would do, by doing it and taking it back."""
        self.pretence.called, self.pretence.results = [], results
        with tried(self.factory) as session:
            try:
                failure = str(act(session).get("failure", ""))
            except EngineError as error:
                failure = str(error)
            flows = frozenset(walks.flows_taken(session, self.now))
        return Rehearsal(flows, tuple(self.pretence.called), failure)

    def start_events(self) -> list[Element]:
        """Return the start events of the main process, those that wait for nothing first."""
        found = [
            element
            for diagram in self.program.diagrams.values()
            for element in diagram.elements.values()
            if element.kind == "startEvent" and element.scope_id == self.key
        ]
        return sorted(found, key=lambda start: start.event is not None and start.event.kind != "none")

    def given_at(self, element_id: str) -> Sequence[str]:
        """Return the variables that the action, page or message of an element is to give."""
        return self.demands.given_by.get(element_id, ())

    def literals(self, name: str) -> list[Value]:
        """Return what expressions compare a variable with."""
        shape = self.demands.shapes.get(name)
        return list(shape.literals) if shape else []

    def _play(
        self,
        kind: str,
        act: Act,
        results: Mapping[str, Result] | None = None,
        *,
        until: datetime | None = None,
    ) -> None:
        self.pretence.called, self.pretence.results = [], results or {}
        with transaction(self.factory) as session:
            if len(steps_of(session)) > STEPS_LIMIT:
                raise RunTooLongError(f"a dry run has at most {STEPS_LIMIT} steps")
            facts = act(session)
        self._settle()
        if until is not None:
            self._pass_time(until)
        self._write_down(kind, facts)

    def _settle(self) -> None:
        """Do what a worker does when it rings, until nothing more is due at this moment."""
        for _ in range(_MOMENTS_LIMIT):
            moved = messages.deliver_due(self.factory, self.now)
            moved += timers.fire_due(self.factory, now=self.now)
            if not moved:
                break
        reminders.send_due(self.factory, now=self.now)
        outbox.send_due(self.factory, now=self.now, transport=_Drawer(), sender="dry-run@example.org")

    def _pass_time(self, until: datetime) -> None:
        for _ in range(_MOMENTS_LIMIT):
            with self.factory() as session:
                due_at = agenda.next_due(session, self.now)
            if due_at is None or due_at > until:
                self.now = until
                self._settle()
                return
            self.now = max(self.now, due_at)
            self._settle()
        raise RunTooLongError(f"more than {_MOMENTS_LIMIT} moments are due before {until}")

    def _write_down(self, kind: str, facts: Mapping[str, Any]) -> None:
        with transaction(self.factory) as session:
            flows = sorted(walks.flows_taken(session, self.now))
            walks.forget_walks(session, self.now)
            opening.add_samples(session, now=self.now)
            add_step(
                session,
                kind,
                now=self.now,
                facts={**facts, "called": [_told(one) for one in self.pretence.called]},
                flows=flows,
                last_event_id=session.scalar(select(func.max(HistoryEvent.id))) or 0,
                last_mail_id=session.scalar(select(func.max(OutboxMail.id))) or 0,
            )


def _told(called: Called) -> dict[str, Any]:
    result = called.result
    return {
        "element_id": called.element_id,
        "action": called.action,
        "values": acts.shown(result.values),
        "fails": result.fails,
        "error_code": result.error_code,
    }


def _has_steps(session: Session) -> bool:
    return session.scalar(select(func.count()).select_from(Step)) != 0
