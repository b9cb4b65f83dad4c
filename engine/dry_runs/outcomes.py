"""Finds out where a step may lead, by rehearsing it with different answers and results."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice, product
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import permissions, tasks
from engine.calendar import load_calendar
from engine.diagram import Flow
from engine.dry_runs import acts
from engine.dry_runs.acts import Act
from engine.dry_runs.answers import Fields, Filler, open_choices
from engine.dry_runs.play import DryRun, Rehearsal
from engine.dry_runs.pretence import Called, Result
from engine.feel import Environment, Value
from engine.models import MessageSubscription, Person, Task, Upload
from engine.people import authority_of, local_day
from engine.setup import FormCall

REHEARSALS: Final = 40
"""So many different answers are tried for one step."""
_DECIDERS: Final = frozenset({"exclusiveGateway", "inclusiveGateway"})


@dataclass(frozen=True)
class Attempt:
    """What is handed in: a form's fields with its answers, or variables alone."""

    values: Mapping[str, Value]
    fields: Fields = field(default_factory=dict[str, list[str]])
    is_accepted: bool = True
    """Whether the form takes the answers."""


@dataclass(frozen=True)
class Outcome:
    """An attempt with what it leads to."""

    attempt: Attempt
    rehearsal: Rehearsal
    branches: tuple[Flow, ...]
    """The flows that gateways have chosen on the way, in the order of the diagram."""

    @property
    def key(self) -> str:
        """A name for the outcome that stays the same from page to page."""
        return ",".join(flow.id for flow in self.branches)

    @property
    def results(self) -> Mapping[str, Result]:
        """What the actions on the way are said to do, by element id."""
        return {one.element_id: one.result for one in self.rehearsal.called}


Setting = tuple[str, str, Value]
"""Where (empty: in what is handed in; else the id of the element whose action it is), what, and its value."""


@dataclass(frozen=True)
class Possible:
    """A step that can be taken in different ways."""

    attempt: Callable[[Mapping[str, Value]], Attempt]
    """Makes something to hand in; some of it is laid down."""
    act: Callable[[Mapping[str, Value]], Act]
    """Hands values in."""
    knobs: Sequence[Sequence[Setting]]
    """What may be turned, each with its settings."""


def actor_for(run: DryRun, session: Session, task: Task) -> Person | None:
    """Return the first of the invented people who may do a task, four eyes included."""
    barred = tasks.barred_from(session, task)
    for person in session.scalars(select(Person).order_by(Person.id)):
        authority = authority_of(session, person, on=local_day(run.now))
        if permissions.can_complete(authority, task, barred=barred):
            return person
    return None


def filler_for(run: DryRun, session: Session, task: Task, person: Person) -> Filler | None:
    """Return what fills a task's form as the person finds it; None where it has no form."""
    form = run.forms.get(task.form_id or "")
    if form is None:
        return None
    variables = tasks.variables_of(session, task)
    call = FormCall(session, task.instance, task, variables, person, run.now)
    has_source = "values" in tasks.element_of(session, task).properties
    initial = {**variables, **(run.pretence.fill(call) if has_source else {})}
    sample = select(func.min(Upload.id)).where(Upload.instance_id == task.instance_id)
    upload_id = session.scalar(sample) or 0
    environment = Environment(now=run.now, calendar=load_calendar(session))
    return Filler(form, initial, environment, run.literals, lambda: upload_id, person.language)


def completion(run: DryRun, session: Session, task: Task, actor: Person) -> Possible:
    """Return the handing in of a task."""
    filler = filler_for(run, session, task, actor)
    task_id, actor_id = task.id, actor.id

    def act(values: Mapping[str, Value]) -> Act:
        return acts.completing(task_id, values, actor_id, now=run.now)

    if filler is None:
        has_record = "record" in tasks.element_of(session, task).properties
        return _with_variables(run, () if has_record else run.given_at(task.element_id), act)
    return Possible(_filling(filler), act, _field_knobs(run, filler))


def message(run: DryRun, wait: MessageSubscription) -> Possible:
    """Return the sending of a message that is waited for."""
    place = wait.workflow_task_id
    return _with_variables(
        run, run.given_at(wait.element_id), lambda values: acts.sending(place, values, now=run.now)
    )


def beginning(run: DryRun, start_element_id: str | None) -> Possible:
    """Return the start of an instance."""
    names = {*run.demands.started_with, *run.given_at(start_element_id or "")}
    return _with_variables(
        run, sorted(names), lambda values: acts.starting(run.key, values, start_element_id, now=run.now)
    )


def find_outcomes(run: DryRun, move: Possible) -> list[Outcome]:
    """Return the different outcomes of a step, each once; the first is that of the likeliest answers.

    No session of the run may be open: a scratch has one connection.
    """
    first = _rehearse(run, move, {}, {})
    found = {first.key: first}
    knobs = [*move.knobs, *_result_knobs(run, first.rehearsal.called)]
    for settings in islice(_turns(knobs), REHEARSALS):
        if _is_complete(run, list(found.values())):
            break
        outcome = _rehearse(run, move, *_laid_down(first, settings))
        if outcome.attempt.is_accepted and not outcome.rehearsal.failure:
            found.setdefault(outcome.key, outcome)
    return list(found.values())


def _rehearse(
    run: DryRun, move: Possible, picks: Mapping[str, Value], results: Mapping[str, Result]
) -> Outcome:
    attempt = move.attempt(picks)
    rehearsal = run.rehearse(move.act(attempt.values), results)
    return Outcome(attempt, rehearsal, _branches(run, rehearsal.flows))


def _branches(run: DryRun, flows: frozenset[str]) -> tuple[Flow, ...]:
    """Return those of the flows that a gateway has chosen among several."""
    return tuple(
        flow
        for diagram in run.program.diagrams.values()
        for flow in diagram.flows.values()
        if flow.id in flows
        and diagram.elements[flow.source_id].kind in _DECIDERS
        and len(diagram.elements[flow.source_id].outgoing) > 1
    )


def _is_complete(run: DryRun, outcomes: Sequence[Outcome]) -> bool:
    """Whether every way out of every gateway on the way was found."""
    gone = {flow.id for outcome in outcomes for flow in outcome.branches}
    met = {flow.source_id for outcome in outcomes for flow in outcome.branches}
    ways = {
        flow.id
        for diagram in run.program.diagrams.values()
        for flow in diagram.flows.values()
        if flow.source_id in met
    }
    return bool(ways) and ways == gone


def _turns(knobs: Sequence[Sequence[Setting]]) -> Iterator[Sequence[Setting]]:
    """First one knob is turned at a time, then two together."""
    for knob in knobs:
        yield from ([setting] for setting in knob)
    for one, other in combinations(knobs, 2):
        yield from product(one, other)


def _laid_down(first: Outcome, settings: Sequence[Setting]) -> tuple[dict[str, Value], dict[str, Result]]:
    picks: dict[str, Value] = {}
    results = dict(first.results)
    for place, name, value in settings:
        if place:
            results[place] = Result({**results[place].values, name: value})
        else:
            picks[name] = value
    return picks, results


def _filling(filler: Filler) -> Callable[[Mapping[str, Value]], Attempt]:
    def attempt(picks: Mapping[str, Value]) -> Attempt:
        filled = filler.fill({name: str(text) for name, text in picks.items()})
        return Attempt(filled.answers.values, filled.fields, not filled.answers.errors)

    return attempt


def _with_variables(run: DryRun, names: Sequence[str], act: Callable[[Mapping[str, Value]], Act]) -> Possible:
    """Return a move in which variables are handed in as they are."""
    likely = {name: run.pretence.values_for(name, run.now)[0] for name in names}
    knobs = [[("", name, value) for value in run.pretence.values_for(name, run.now)] for name in names]
    return Possible(lambda picks: Attempt({**likely, **picks}), act, knobs)


def _field_knobs(run: DryRun, filler: Filler) -> list[list[Setting]]:
    """The fields that some condition of the diagram, or some of the form, can see."""
    choices = open_choices(filler.fill().answers, run.literals)
    seen = run.demands.read | filler.form.read_names
    return [
        [("", name, text) for text in texts]
        for name, texts in choices.items()
        if not seen.isdisjoint(name.split("."))
    ]


def _result_knobs(run: DryRun, called: Sequence[Called]) -> list[list[Setting]]:
    return [
        [(one.element_id, name, value) for value in run.pretence.values_for(name, run.now)]
        for one in called
        for name in run.given_at(one.element_id)
        if name in run.demands.read
    ]
