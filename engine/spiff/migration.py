"""Brings an instance in memory from one program to another: tokens, waits, deadlines and variables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element
from engine.errors import QuotaExceededError
from engine.feel import Value, WorkingCalendar
from engine.spiff import assignment, state, tokens
from engine.spiff.activities import UserTask
from engine.spiff.carried import Arrival, Carried, Renewal
from engine.spiff.carrying import carry
from engine.spiff.events import rearm
from engine.spiff.execution import Execution, failures
from engine.spiff.fitting import Finding
from engine.spiff.host import Host
from engine.spiff.nodes import ParallelGateway
from engine.spiff.program import Program
from engine.spiff.repetition import MultiInstance
from engine.spiff.run import Run
from engine.spiff.values import chain_of
from engine.spiff.waits import ArmedTimer, OpenTask, Subscription, armed_timer
from engine.variables import Scopes


@dataclass(frozen=True)
class Stored:
    """An instance as it is stored, and since when it waits where it waits, as far as that is known."""

    process_id: str
    workflow: bytes
    variables: bytes
    begun_at: datetime
    waiting_since: Mapping[UUID, datetime] = field(default_factory=dict[UUID, datetime])


@dataclass(frozen=True)
class Armed:
    """A wait that only the new version has. ``due_at`` is None where it is no timer."""

    element_id: str
    due_at: datetime | None


@dataclass(frozen=True)
class Migration:
    """What a migration does, or would do, to one instance."""

    findings: tuple[Finding, ...]
    """Each element where tokens wait, and where they go."""
    armed: tuple[Armed, ...] = ()
    dropped: tuple[str, ...] = ()
    """Elements of the old version that nothing watches for any longer."""
    execution: Execution | None = None
    """The instance in the new program; None where somebody must choose first, or nothing can be done."""


def migrate(  # noqa: PLR0913  # from where, to where, and how
    old: Program,
    new: Program,
    stored: Stored,
    host: Host,
    *,
    mapping: Mapping[str, str],
    is_trial: bool = False,
) -> Migration:
    """Carry an instance to another program, and run it to its next waits where it enters elements anew.

    ``mapping`` names, by element id, where tokens go that cannot simply stay. Deadlines and waits of elements
    that are still there stay as they are; what only the new version waits for counts from when the token came
    to the element. A trial executes nothing. The result has been saved and loaded once: it can be kept.

    Raises:
        StateDamagedError: the stored state does not belong to ``old``, or does not survive being saved.
        StepFailedError: an expression or a step of the new version fails.

    """
    content = state.unseal(stored.workflow)
    if content.get("program") != old.sha256 or content.get("process") != stored.process_id:
        raise state.StateDamagedError("the state does not belong to the version it is taken from")
    try:
        carried = carry(content, old, new, mapping)
    except RecursionError as error:
        raise QuotaExceededError("the tokens nest too deeply to be migrated") from error
    except (LookupError, TypeError, ValueError) as error:
        raise state.StateDamagedError(f"the state does not fit its program: {error!r:.200}") from error
    findings, dropped = tuple(carried.findings), tuple(carried.dropped)
    if not all(finding.is_settled for finding in findings):
        return Migration(findings, dropped=dropped)
    run = Run(new, host, Scopes.from_json(state.unseal(stored.variables)))
    state.restore(run, carried.content)
    with failures(run):
        armed = _settle(run, carried, stored)
        _go_on(run, carried, is_trial=is_trial)
    execution = Execution(run)
    _prove(execution, new, stored.process_id, host)
    return Migration(findings, tuple(armed), dropped, execution)


def _settle(run: Run, carried: Carried, stored: Stored) -> list[Armed]:
    """Bring variables, assignments and watches in line with the new version; return what is watched anew."""
    for name in list(run.scopes):
        if name.partition("/")[0] in carried.gone:
            run.scopes.drop(name)
    for renewal in carried.renewals:
        _renew(run, renewal, stored)
    watches = [_arm(run, arrival, stored) for arrival in carried.arrivals if arrival.is_watch]
    return [armed for armed in watches if armed is not None]


def _go_on(run: Run, carried: Carried, *, is_trial: bool) -> None:
    """Let tokens enter where they were sent, and joins that have all they wait for go on."""
    entering = [_find(run, arrival.id) for arrival in carried.arrivals if not arrival.is_watch]
    if is_trial:
        for task in entering:
            run.cancel(task)
        return
    for task in entering:
        tokens.arrive(task)
    for scope in run.workflow.scopes():
        for task in list(scope.tasks.values()):
            _complete_join(run, task)
    run.rest()


def _complete_join(run: Run, task: Task) -> None:
    node = task.task_spec
    is_waiting = task.state == TaskState.WAITING and task.workflow.tasks.get(task.id) is task
    if isinstance(node, ParallelGateway) and is_waiting and node.enter(run, task):
        tokens.let_go(task)


def _renew(run: Run, renewal: Renewal, stored: Stored) -> None:
    """Give a token that waits on what its element now asks for: new inputs, and whose work it is."""
    task = _find(run, renewal.id)
    for mapping in renewal.new.inputs:
        if mapping not in renewal.old.inputs and not isinstance(task.task_spec, MultiInstance):
            value = run.values.evaluate(mapping.source, chain_of(task))
            run.scopes.assign_local(task.id.hex, mapping.target, value)
    if isinstance(task.task_spec, UserTask):
        _reassign(run, task, renewal, stored)


def _reassign(run: Run, task: Task, renewal: Renewal, stored: Stored) -> None:
    """Work out anew whose a task is where the diagram now says otherwise; a deadline that it has stays."""
    old, new, facts = renewal.old, renewal.new, task.internal_data["human"]
    is_others = _whose(old) != _whose(new)
    wants = [name for name in ("due_at", "follow_up_at") if facts[name] is None]
    is_dated = bool(wants) and (old.due_date, old.follow_up_date) != (new.due_date, new.follow_up_date)
    if not is_others and not is_dated:
        return
    since = stored.waiting_since.get(task.id, run.host.now)
    past = _as_of(run, since)
    fresh = assignment.assign(new, lambda text: past.values.evaluate(text, chain_of(task)), now=since)
    names = [*(["groups", "users", "assignee"] if is_others else []), *(wants if is_dated else [])]
    task.internal_data["human"] = {**facts, **{name: fresh[name] for name in names}}


def _whose(element: Element) -> tuple[str | None, ...]:
    return element.candidate_groups, element.candidate_users, element.assignee


def _arm(run: Run, arrival: Arrival, stored: Stored) -> Armed | None:
    """Let a token watch; what a repeated timer has missed is left out."""
    task = _find(run, arrival.id)
    node = task.task_spec
    since = _since(run, task, arrival, stored)
    node.enter(_as_of(run, since), task)
    if "due_at" not in task.internal_data["wait"]:
        return Armed(node.element.id, None)
    if "cycle" in task.internal_data["wait"] and armed_timer(task).due_at <= run.host.now:
        rearm(run, task)
    return Armed(node.element.id, armed_timer(task).due_at) if tokens.is_live(task) else None


def _since(run: Run, task: Task, arrival: Arrival, stored: Stored) -> datetime:
    """Return when what is watched began, as far as it is known: else it begins now."""
    if not arrival.since and task.workflow is run.workflow:
        return stored.begun_at
    known = [stored.waiting_since.get(UUID(token)) for token in arrival.since]
    return min((moment for moment in known if moment is not None), default=run.host.now)


def _as_of(run: Run, moment: datetime) -> Run:
    """Return the run as it would be if it were still ``moment``, for working out when something is due."""
    past = Run(run.program, _Past(moment, run.host), run.scopes)
    past.workflow = run.workflow
    return past


@dataclass(frozen=True)
class _Past:
    """The surroundings at an earlier moment; nothing is done there."""

    now: datetime
    host: Host

    @property
    def calendar(self) -> WorkingCalendar | None:
        return self.host.calendar

    def run_action(self, element: Element, variables: Mapping[str, Value]) -> Mapping[str, Value] | None:
        raise NotImplementedError

    def throw_message(
        self, element: Element, name: str, correlation_key: str, variables: Mapping[str, Value]
    ) -> None:
        raise NotImplementedError

    def decide(self, element: Element, decision_id: str, variables: Mapping[str, Value]) -> Value:
        raise NotImplementedError

    def record(self, kind: str, element: Element) -> None:
        raise NotImplementedError


def _find(run: Run, token_id: UUID) -> Task:
    return next(scope.tasks[token_id] for scope in run.workflow.scopes() if token_id in scope.tasks)


def _prove(execution: Execution, program: Program, process_id: str, host: Host) -> None:
    """Refuse a state that is another after it has been saved and loaded."""
    saved = execution.save()
    again = Execution.load(program, process_id, *saved, host)
    if again.save() != saved or _waits(again) != _waits(execution):
        raise state.StateDamagedError("the migrated state does not survive being saved")


def _waits(execution: Execution) -> dict[UUID, OpenTask | ArmedTimer | Subscription]:
    waits: list[OpenTask | ArmedTimer | Subscription] = [
        *execution.open_tasks(),
        *execution.timers(),
        *execution.subscriptions(),
    ]
    return {wait.workflow_task_id: wait for wait in waits}
