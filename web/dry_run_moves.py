"""The moves that the page of a dry run offers: start, hand in a task, send a message, try again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from engine import tasks
from engine.dry_runs import (
    DryRun,
    Outcome,
    Possible,
    Result,
    actor_for,
    beginning,
    completion,
    message,
    write_variables,
)
from engine.forms import Answers
from engine.models import (
    Incident,
    IncidentState,
    MessageSubscription,
    Person,
    ProcessInstance,
    Task,
    TaskState,
)
from web import deadlines, dry_run_failures, dry_run_words, form_rendering, task_forms
from web.deadlines import Deadline
from web.i18n import gettext as _
from web.i18n import language, pick


@dataclass(frozen=True)
class Wanted:
    """What the address asks for: a move to be made, seen by whom, on which way."""

    move: str = ""
    """``task:3``, ``wait:<id>``, ``incident:1``, ``start:<element>``; empty: the most pressing."""
    person_id: int | None = None
    branch: str | None = None

    def query(self, **changes: object) -> dict[str, object]:
        """Return it as the arguments of an address."""
        own: dict[str, object] = {"move": self.move or None, "person": self.person_id, "branch": self.branch}
        return {**own, **changes}


@dataclass(frozen=True)
class Typed:
    """What was typed and could not be taken: the texts by their fields, and why."""

    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    why: str = ""
    answers: Answers | None = None


@dataclass(frozen=True)
class Branch:
    """One way that can be chosen."""

    key: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class SystemStep:
    """An action on the way, with what is made up for it."""

    element_id: str
    name: str
    action: str
    values: str
    how: str
    codes: tuple[str, ...]
    is_task: bool
    """Whether it takes down a person's answers, rather than being a step of its own."""


@dataclass(frozen=True)
class Move:
    """A move as the page shows it. ``kind``: start, task, wait, incident, or nobody (can do it)."""

    kind: str
    id: str
    name: str
    element_id: str
    who: str = ""
    actor_id: int = 0
    about: str = ""
    deadline: Deadline | None = None
    branches: tuple[Branch, ...] = ()
    steps: tuple[SystemStep, ...] = ()
    form: Markup | None = None
    submit: str = ""
    variables: str | None = None
    errors: Sequence[form_rendering.ErrorLine] = ()
    failure: str = ""
    """The engine's own words for what fails, or would."""

    @property
    def failure_text(self) -> str:
        """Say in plain words what fails."""
        return dry_run_failures.explain(self.failure)

    @property
    def token(self) -> str:
        """How an address names it."""
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True)
class Offer:
    """A move that can be chosen."""

    token: str
    kind: str
    name: str
    who: str = ""
    deadline: Deadline | None = None


def list_offers(run: DryRun, session: Session, wanted: Wanted) -> list[Offer]:
    """Return every move there is, the most pressing first."""
    standing = select(Incident).where(Incident.state == IncidentState.OPEN).order_by(Incident.id)
    failed = session.scalars(standing).all()
    if not failed and session.scalar(select(ProcessInstance.id).limit(1)) is None:
        return [Offer(f"start:{e.id}", "start", e.label(language())) for e in run.start_events()]
    waits = session.scalars(select(MessageSubscription).order_by(MessageSubscription.waiting_since))
    return [
        *(Offer(f"incident:{one.id}", "incident", _name(run, one.element_id)) for one in failed),
        *(_task_offer(run, task) for task in _open_tasks(run, session, wanted)),
        *(Offer(f"wait:{w.workflow_task_id}", "wait", _name(run, w.element_id), w.name) for w in waits),
    ]


def prepare(run: DryRun, session: Session, token: str) -> Possible | Move | None:
    """Return what is to be rehearsed for a move, or the move itself where there is nothing to rehearse."""
    kind, _colon, place = token.partition(":")
    match kind:
        case "start":
            return beginning(run, place)
        case "wait":
            return message(run, session.get_one(MessageSubscription, UUID(place)))
        case "task":
            task = session.get_one(Task, int(place))
            actor = actor_for(run, session, task)
            if actor is None:
                return Move("nobody", place, pick(task.name, task.name_en), task.element_id)
            return completion(run, session, task, actor)
        case "incident":
            return _incident(run, session.get_one(Incident, int(place)))
        case _:
            return None


@dataclass(frozen=True)
class MoveBuilder:
    """Builds a move from the outcomes it may have; what was typed and refused stands in their place."""

    run: DryRun
    session: Session
    outcomes: Sequence[Outcome]
    chosen: Outcome
    typed: Typed

    def build(self, token: str) -> Move:
        """Return the move."""
        kind, _colon, place = token.partition(":")
        if kind == "task":
            move = self._task(self.session.get_one(Task, int(place)))
        elif kind == "wait":
            row = self.session.get_one(MessageSubscription, UUID(place))
            move = Move(kind, place, _name(self.run, row.element_id), row.element_id, who=row.name)
        else:
            move = Move(kind, place, _name(self.run, place), place)
        branches = [Branch(one.key, self._label(one), one is self.chosen) for one in self.outcomes]
        return replace(
            move,
            branches=tuple(branches) if len(branches) > 1 else (),
            steps=tuple(
                _system_step(self.run, element_id, result, self.typed.texts)
                for element_id, result in self.chosen.results.items()
            ),
            variables=None if move.form is not None else self._variables(),
            failure=self.chosen.rehearsal.failure,
        )

    def _task(self, task: Task) -> Move:
        actor = actor_for(self.run, self.session, task)
        name = pick(task.name, task.name_en)
        if actor is None:
            return Move("nobody", str(task.id), name, task.element_id)
        move = Move(
            "task",
            str(task.id),
            name,
            task.element_id,
            who=actor.full_name,
            actor_id=actor.id,
            about=actor.job_title,
            deadline=deadlines.describe(task.due_at, self.run.now),
        )
        return self._with_form(move, task, actor) if task.form_id in self.run.forms else move

    def _with_form(self, move: Move, task: Task, actor: Person) -> Move:
        form = task_forms.for_task(self.session, task, person=actor, now=self.run.now)
        if form is None:
            return move
        answers = self.typed.answers or form.open(self.chosen.attempt.fields)
        return replace(
            move,
            form=render(form, answers),
            submit=form.form.submit.read(language()),
            errors=form_rendering.error_list(form.form, answers, language()),
        )

    def _variables(self) -> str:
        return self.typed.texts.get("run:variables", write_variables(self.chosen.attempt.values))

    def _label(self, outcome: Outcome) -> str:
        """Say which way it is: each question with its answer, else where the way leads."""
        parts: list[str] = []
        for flow in outcome.branches:
            question = _name(self.run, flow.source_id)
            answer = pick(flow.name, flow.name_en) or _name(self.run, flow.target_id)
            parts.append(answer if question == flow.source_id else f"{question} {answer}")
        return " · ".join(parts) or _("không rẽ nhánh")


def render(form: task_forms.TaskForm, answers: Answers) -> Markup:
    """Return the real form of a task; the files in it are samples that lead nowhere."""
    return form_rendering.render_form(
        form.form, answers, language(), name_file=form.name_file, file_address=lambda _number: "#viec"
    )


def _name(run: DryRun, element_id: str | None) -> str:
    return dry_run_words.name_of(run, element_id or "")


def _open_tasks(run: DryRun, session: Session, wanted: Wanted) -> list[Task]:
    """All open tasks, or those in the inbox of one of the people."""
    person = session.get(Person, wanted.person_id) if wanted.person_id is not None else None
    if person is not None:
        mine = tasks.inbox_mine(session, person, run.now)
        return [*mine, *tasks.inbox_groups(session, person, run.now)]
    found = select(Task).where(Task.state == TaskState.OPEN, Task.incident_id.is_(None)).order_by(Task.id)
    return list(session.scalars(found.options(selectinload(Task.candidates), joinedload(Task.assignee))))


def _task_offer(run: DryRun, task: Task) -> Offer:
    name, who = pick(task.name, task.name_en), dry_run_words.who_may(run, task)
    return Offer(f"task:{task.id}", "task", name, who, deadlines.describe(task.due_at, run.now))


def _incident(run: DryRun, incident: Incident) -> Move:
    element_id = incident.element_id or ""
    move = Move("incident", str(incident.id), _name(run, element_id), element_id, failure=incident.message)
    element = dry_run_words.element_of(run, element_id)
    if element is None or not (element.action or "record" in element.properties):
        return move
    made_up = Result(run.pretence.made_up_at(element_id, run.now))
    return replace(move, steps=(_system_step(run, element_id, made_up, {}),))


def _system_step(run: DryRun, element_id: str, result: Result, texts: Mapping[str, str]) -> SystemStep:
    element = dry_run_words.element_of(run, element_id)
    return SystemStep(
        element_id,
        _name(run, element_id),
        (element.action or element.properties.get("record", "")) if element else "",
        texts.get(f"run:values.{element_id}", write_variables(result.values)),
        texts.get(f"run:how.{element_id}", ""),
        _error_codes(run, element_id),
        element is not None and element.kind == "userTask",
    )


def _error_codes(run: DryRun, element_id: str) -> tuple[str, ...]:
    """The codes of the error events that somebody in the diagram catches."""
    diagram = dry_run_words.diagram_with(run, element_id)
    events = (
        element.event
        for element in diagram.elements.values()
        if element.kind in {"boundaryEvent", "startEvent"} and element.event is not None
    )
    return tuple(sorted({event.code for event in events if event.kind == "error" and event.code}))
