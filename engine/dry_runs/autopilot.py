"""Plays a run to its end by itself, and looks for ways it has not gone yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time
from typing import Final, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, instances, people
from engine.calendar import at_local_time, load_calendar
from engine.dry_runs import agenda
from engine.dry_runs.outcomes import Outcome, actor_for, beginning, completion, find_outcomes, message
from engine.dry_runs.play import DryRun
from engine.dry_runs.scratch import steps_of
from engine.models import (
    HistoryEvent,
    Incident,
    IncidentState,
    InstanceState,
    MessageSubscription,
    ProcessInstance,
    Task,
    TaskState,
)

MOVES_LIMIT: Final = 100
_EIGHT: Final = time(8)

Ending = Literal["completed", "incident", "nobody", "refused", "waiting", "bounded"]


@dataclass(frozen=True)
class Arrival:
    """How a run came to rest. ``element_id`` is where, ``reason`` the words of what failed there."""

    ending: Ending
    element_id: str = ""
    reason: str = ""


def run_to_end(run: DryRun, *, moves: int = MOVES_LIMIT) -> Arrival:
    """Play on until every instance has ended, or the run is stuck or long enough.

    People work on the morning after they got a task, unless something is due before; who waits for a message
    gets one, an event beside the rest only once; where nothing else moves, the clock is turned on to what is
    due next. What would interrupt comes last.
    """
    for _ in range(moves):
        arrival = _at_rest(run) or _move(run)
        if arrival is not None:
            return arrival
    return Arrival("bounded")


def _move(run: DryRun) -> Arrival | None:
    """Let the first thing happen that can; return how the run is stuck if nothing can."""
    with run.factory() as session:
        has_begun = any(step.kind == "started" for step in steps_of(session))
        task = session.scalars(select(Task).where(Task.state == TaskState.OPEN).order_by(Task.id)).first()
        wait, interruption = _next_waits(session)
        due = agenda.next_due(session, run.now)
    if not has_begun:
        return _begin(run)
    if task is not None:
        return _work(run, task.id)
    if wait is None and due is not None:
        run.jump(max(due, run.now))
        return None
    heard = wait or interruption
    if heard is None:
        return Arrival("waiting")
    best = _least_gone(run, find_outcomes(run, message(run, heard)))
    run.send(heard.workflow_task_id, best.attempt.values, results=best.results)
    return None


def _begin(run: DryRun) -> Arrival | None:
    start = next(iter(run.start_events()), None)
    if start is None:
        return Arrival("waiting")
    best = _least_gone(run, find_outcomes(run, beginning(run, start.id)))
    run.start(best.attempt.values, start_element_id=start.id, results=best.results)
    return None


def _next_waits(session: Session) -> tuple[MessageSubscription | None, MessageSubscription | None]:
    """Return whom a message would help on, and whom it would interrupt; None where there is nobody.

    Helped on is a token that stands still, then an event beside the rest that has not happened yet.
    """
    waits = session.scalars(select(MessageSubscription).order_by(MessageSubscription.waiting_since)).all()
    standing = {wait.instance_id: instances.progress_of(session, wait.instance_id).active for wait in waits}
    still = [wait for wait in waits if wait.element_id in standing[wait.instance_id]]
    edges = [wait for wait in waits if wait.element_id not in standing[wait.instance_id]]
    received = select(HistoryEvent.element_id).where(HistoryEvent.kind == "message_received")
    happened = set(session.scalars(received))
    beside = [wait for wait in edges if wait.element_id not in happened and not _interrupts(session, wait)]
    return next(iter([*still, *beside]), None), next((w for w in edges if _interrupts(session, w)), None)


def _interrupts(session: Session, wait: MessageSubscription) -> bool:
    instance = session.get_one(ProcessInstance, wait.instance_id)
    diagrams = definitions.program_of(session, instance.version_id).diagrams.values()
    return any(
        element.interrupting
        for diagram in diagrams
        if (element := diagram.elements.get(wait.element_id)) is not None
    )


def _at_rest(run: DryRun) -> Arrival | None:
    with run.factory() as session:
        standing = select(Incident).where(Incident.state == IncidentState.OPEN).order_by(Incident.id)
        incident = session.scalars(standing).first()
        if incident is not None:
            return Arrival("incident", incident.element_id or "", incident.message)
        states = session.scalars(select(ProcessInstance.state)).all()
    return Arrival("completed") if states and InstanceState.RUNNING not in states else None


def _work(run: DryRun, task_id: int) -> Arrival | None:
    """Let somebody do a task in the way least gone so far."""
    _wait_for_morning(run)
    with run.factory() as session:
        task = session.get_one(Task, task_id)
        if task.state is not TaskState.OPEN:
            return None
        actor = actor_for(run, session, task)
        if actor is None:
            return Arrival("nobody", task.element_id)
        actor_id, move = actor.id, completion(run, session, task, actor)
    outcomes = find_outcomes(run, move)
    usable = [outcome for outcome in outcomes if outcome.attempt.is_accepted]
    if not usable:
        return Arrival("refused", task.element_id)
    best = _least_gone(run, usable)
    run.complete(task_id, best.attempt.values, actor_id=actor_id, results=best.results)
    return None


def _least_gone(run: DryRun, outcomes: Sequence[Outcome]) -> Outcome:
    """Return the outcome whose branches were gone least often; one that fails comes last."""
    with run.factory() as session:
        gone = Counter(flow for step in steps_of(session) for flow in step.flows)

    def familiarity(outcome: Outcome) -> tuple[bool, int]:
        return bool(outcome.rehearsal.failure), max((gone[flow.id] for flow in outcome.branches), default=0)

    return min(outcomes, key=familiarity)


def _wait_for_morning(run: DryRun) -> None:
    """Turn the clock to the next working morning, or leave it where something would pass by on the way."""
    with run.factory() as session:
        day = load_calendar(session).add_working_days(people.local_day(run.now), 1)
        timers = [due.at for due in agenda.list_due(session, run.now) if due.kind == "timer"]
    morning = at_local_time(day, _EIGHT)
    if all(moment > morning for moment in timers):
        run.jump(morning)
