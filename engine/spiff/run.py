"""One command on one instance: moves tokens until people, timers or messages are waited for."""

from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final
from uuid import UUID

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import QuotaExceededError, StepFailedError
from engine.feel import Value
from engine.spiff import tokens
from engine.spiff.activities import SubProcess
from engine.spiff.events import Boundary, Catch, correlation_key
from engine.spiff.host import Host
from engine.spiff.nodes import InclusiveGateway, Node, ScopeEnd, edge_activity
from engine.spiff.repetition import MultiInstance
from engine.spiff.throwing import find_catcher, is_waiting, signal_catchers
from engine.spiff.tree import rivals, tidy
from engine.spiff.values import Values, chain_of
from engine.spiff.workflow import (
    AnyWorkflow,
    InstanceWorkflow,
    Thrown,
    called_scope,
    items_scope,
)
from engine.variables import Scopes

if TYPE_CHECKING:
    from engine.spiff.program import Program

STEP_LIMIT: Final = 5_000
HUMAN_TASK_LIMIT: Final = 500
NESTING_LIMIT: Final = 64


class Run:
    """Moves the tokens of one instance; after any exception it is thrown away."""

    def __init__(self, program: "Program", host: Host, scopes: Scopes) -> None:
        self.program = program
        self.host = host
        self.scopes = scopes
        self.values = Values(scopes, host)
        self.workflow: InstanceWorkflow
        self.start_element_id: str | None = None
        self.at: str | None = None
        """The element where the run is; an incident names it."""
        self.outcome = ""
        """The end event last reached."""
        self.done: set[str] = set()
        """The elements that a token has passed."""
        self.taken: set[str] = set()
        """The sequence flows that a token has taken."""
        self.is_finished = False
        self._queue: deque[Task] = deque()
        self._thrown: list[Thrown] = []
        self._payload: Mapping[str, Value] = {}
        self._results: dict[UUID, Mapping[str, Value]] = {}
        self._steps = 0
        self._human_tasks = 0

    def ready(self, task: Task) -> None:
        """Take note of a token that may go on."""
        self._queue.append(task)

    def rest(self) -> None:
        """Move on until nothing goes on by itself.

        Raises:
            StepFailedError: a step fails, or tokens wait for what cannot come.

        """
        while self._queue or self._settle():
            task = self._queue.popleft()
            if task.state == TaskState.READY and task.workflow.tasks.get(task.id) is task:
                self.step(task)
        if not self.is_finished:
            self._check_waits()

    def step(self, task: Task) -> None:
        """Let one token do its work and go on."""
        node: Node = task.task_spec
        self.at = node.element.id
        self._steps += 1
        if self._steps > STEP_LIMIT:
            raise QuotaExceededError(f"more than {STEP_LIMIT} steps at once", element_id=self.at)
        if task.run():
            self.at = node.element.id
            self._passed(task)
        thrown, self._thrown = self._thrown, []
        for one in thrown:
            self._catch(one)

    def complete(self, task: Task, answers: Mapping[str, Value]) -> None:
        """Let a person's work be done."""
        self._payload = answers
        self.step(task)

    def fire(self, task: Task, payload: Mapping[str, Value]) -> None:
        """Let the event that ``task`` waits for happen."""
        self.at = task.task_spec.element.id
        self._payload = payload
        node = task.task_spec
        if isinstance(node, Catch):
            node.fire(self, task)
        self._payload = {}

    def go_on(self, task: Task) -> None:
        """Let a waiting token do its work at once."""
        for rival in rivals(task):
            self.cancel(rival)
        tokens.make_ready(task)
        self.step(task)

    def branch(self, source: Task, node: Node) -> None:
        """Add a token beside ``source``, which keeps waiting."""
        child = tokens.add(source.parent or source.workflow.task_tree, node)
        tokens.arrive(child)
        if child.state == TaskState.READY:
            self.step(child)

    def take_payload(self) -> Mapping[str, Value]:
        """Return what came with a task's completion or an event, once."""
        payload, self._payload = self._payload, {}
        return payload

    def count_human_task(self) -> None:
        """Keep one command from filling the inboxes."""
        self._human_tasks += 1
        if self._human_tasks > HUMAN_TASK_LIMIT:
            raise QuotaExceededError(
                f"more than {HUMAN_TASK_LIMIT} tasks for people at once", element_id=self.at
            )

    def record(self, node: Node) -> None:
        """Take note, for the history and the live diagram, that a token has passed."""
        if node.record_as is not None:
            self.done.add(node.element.id)
            self.host.record(node.record_as, node.element)

    def _passed(self, task: Task) -> None:
        node: Node = task.task_spec
        parent = task.parent
        if (
            parent is not None
            and isinstance(parent.task_spec, MultiInstance)
            and parent.task_spec.holds(node)
        ):
            parent.task_spec.child_completed(self, parent, task)
        else:
            self.record(node)
        if parent is not None and edge_activity(task) is task:
            self._withdraw_boundaries(parent)
        self.scopes.drop(task.id.hex)
        tidy(task)

    # Scopes

    def open_scope(self, task: Task, key: str) -> None:
        """Start the scope inside ``task``."""
        depth, holder = 1, task.workflow.parent_task
        while holder is not None:
            depth, holder = depth + 1, holder.workflow.parent_task
        if depth > NESTING_LIMIT:
            raise QuotaExceededError(f"more than {NESTING_LIMIT} scopes in one another", element_id=self.at)
        self.ready(self.workflow.open_scope(task, key).task_tree)

    def scope_ended(self, workflow: AnyWorkflow) -> None:
        """Let what runs a scope go on, or finish the instance."""
        holder = workflow.parent_task
        if holder is None:
            self.is_finished = True
            return
        node = holder.task_spec
        self._results[holder.id] = node.inner_results(self, holder) if isinstance(node, SubProcess) else {}
        del self.workflow.subprocesses[holder.id]
        tokens.let_go(holder)

    def results_of(self, task: Task) -> Mapping[str, Value]:
        """Return what the scope inside ``task`` has left."""
        return self._results.pop(task.id, {})

    def _settle(self) -> bool:
        """Let joins go on that waited for the others to come to rest; return whether any does."""
        for workflow in self.workflow.scopes():
            live = [task for task in workflow.tasks.values() if tokens.is_live(task)]
            self._settle_end(live)
            for task in live:
                if isinstance(task.task_spec, InclusiveGateway) and task.state == TaskState.WAITING:
                    task.task_spec.settle(self, task)
            if self._queue:
                return True
        return False

    def _settle_end(self, live: list[Task]) -> None:
        ends = [task for task in live if isinstance(task.task_spec, ScopeEnd)]
        waits = [task for task in live if task.task_spec.opens_event_scope]
        if ends and len(live) == len(ends) + len(waits):
            for task in (*ends[1:], *waits):
                self.cancel(task)
            tokens.let_go(ends[0])

    def _check_waits(self) -> None:
        """Refuse to stop where nobody and nothing would ever go on."""
        live = [
            task for scope in self.workflow.scopes() for task in scope.tasks.values() if tokens.is_live(task)
        ]
        if any(
            task.task_spec.manual or is_waiting(task, "timer") or is_waiting(task, "message") for task in live
        ):
            return
        at = next((task.task_spec.element.id for task in live if task.state == TaskState.WAITING), self.at)
        raise StepFailedError("nothing can go on: a token waits for what cannot come", element_id=at)

    # Interruptions

    def interrupt(self, task: Task) -> None:
        """Cancel a token; what its repetitions have collected so far stays."""
        if isinstance(task.task_spec, MultiInstance) and tokens.is_live(task):
            task.task_spec.hand_out(self, task)
        self.cancel(task)

    def move(self, task: Task, node: Node) -> None:
        """Interrupt a token, with what waits at its edge or beside it, and let one enter ``node`` instead."""
        beside = rivals(task)
        split = task.parent if edge_activity(task) is task else None
        self.interrupt(task)
        for rival in beside:
            self.cancel(rival)
        if split is not None:
            self._withdraw_boundaries(split)
        tokens.arrive(tokens.add(task.workflow.task_tree, node))

    def cancel(self, task: Task) -> None:
        """Take a token and everything inside it out of the instance."""
        if tokens.is_live(task):
            self._end(task)
            tidy(task)

    def end_scope(self, keep: Task) -> None:
        """Interrupt every other token of the scope of ``keep``."""
        for other in list(keep.workflow.tasks.values()):
            if other is not keep:
                self.interrupt(other)

    def end_activity(self, by: Task) -> None:
        """Interrupt the activity on whose edge the event ``by`` waits."""
        main, split = edge_activity(by), by.parent
        if main is not None:
            self.interrupt(main)
        if split is not None:
            self._withdraw_boundaries(split, keep=by)

    def _withdraw_boundaries(self, split: Task, *, keep: Task | None = None) -> None:
        for child in split.children:
            if child is not keep and isinstance(child.task_spec, Boundary):
                self.cancel(child)

    def _end(self, task: Task) -> None:
        inner = self.workflow.subprocesses.pop(task.id, None)
        for other in (*(inner.tasks.values() if inner else ()), *task.children):
            if tokens.is_live(other):
                self._end(other)
        for scope in (task.id.hex, items_scope(task), called_scope(task)):
            self.scopes.drop(scope)
        tokens.end(task)

    # What is thrown

    def throw(self, thrown: Thrown) -> None:
        """Take something thrown; it is caught when the step that threw it is over."""
        self._thrown.append(thrown)

    def _catch(self, thrown: Thrown) -> None:
        if thrown.kind == "signal":
            for task in signal_catchers(self.workflow, thrown.code):
                if tokens.is_live(task):
                    self.fire(task, {})
            return
        catcher = find_catcher(thrown)
        if catcher is not None:
            self.fire(catcher, {})
        elif thrown.kind == "error":
            raise StepFailedError(
                f"nobody catches the error {thrown.code!r}", element_id=thrown.source.task_spec.element.id
            )

    def send(self, task: Task) -> Mapping[str, Value]:
        """Throw the message of ``task``, with the variables of its input mappings, or call its action."""
        element = task.task_spec.element
        if element.event is None or element.event.kind != "message" or not element.event.name:
            if element.action is None:
                return {}
            return self.host.run_action(element, self.values.everything(task)) or {}
        name = self.values.text(element.event.name, task)
        key = correlation_key(element, self, chain_of(task))
        self.host.throw_message(element, name, key, dict(self.scopes.local(task.id.hex)))
        return {}
