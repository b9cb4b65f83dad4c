"""What a token passes: the common node, starts, ends of scopes and gateways."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.diagram import Element
from engine.errors import StepFailedError
from engine.spiff import tokens
from engine.spiff.values import chain_of
from engine.spiff.workflow import ScopeSpec, run_of

if TYPE_CHECKING:
    from engine.spiff.run import Run


@dataclass(frozen=True)
class Exit:
    """A way out of a node; ``flow_id`` is None where the diagram has no sequence flow."""

    node: "Node"
    flow_id: str | None = None
    condition: str | None = None


class Node(TaskSpec):
    """A node of the graph.

    Children of a token are made when it moves on: nothing is predicted, so the tree holds live tokens only.
    """

    record_as: ClassVar[str | None] = None
    """How the history calls it when a token has passed."""
    opens_event_scope: ClassVar[bool] = False
    """Whether it waits for the start of an event sub-process."""

    def __init__(self, scope: ScopeSpec, name: str, element: Element) -> None:
        super().__init__(scope, name)
        self.element = element
        self.exits: list[Exit] = []
        self.entries: list[str] = []
        """The sequence flows that lead here."""
        self.own_variable: str | None = None
        """The variable that each repetition has for itself."""

    def holds(self, node: TaskSpec) -> bool:
        """Whether tokens of ``node`` are repetitions inside this one."""
        del node
        return False

    def enter(self, run: "Run", task: Task) -> bool:
        """Take a token that arrives; return whether it may go on at once."""
        return True

    def act(self, run: "Run", task: Task) -> bool | None:
        """Do what the node is for; None leaves the token here."""
        return True

    def next_exits(self, run: "Run", task: Task) -> Iterable[Exit]:
        """Return the ways the token takes, all of them unless a gateway chooses."""
        return self.exits

    def test(self) -> None:
        """Skip the library's look at inputs: the graph was checked when it was built."""

    def _predict(self, *args: object, **kwargs: object) -> None:
        """Predict nothing."""

    def _update_hook(self, my_task: Task) -> bool:
        run = run_of(my_task)
        run.at = self.element.id
        return self.enter(run, my_task)

    def _on_ready(self, my_task: Task) -> None:
        run_of(my_task).ready(my_task)

    def _run_hook(self, my_task: Task) -> bool | None:
        return self.act(run_of(my_task), my_task)

    def _on_complete_hook(self, my_task: Task) -> None:
        run = run_of(my_task)
        for way in self.next_exits(run, my_task):
            child = tokens.add(my_task, way.node)
            if way.flow_id is not None:
                child.internal_data["flow"] = way.flow_id
                run.taken.add(way.flow_id)


class Pass(Node):
    """A node that does nothing."""


class Link(Pass):
    """A link event; its throw leads to its catch as a sequence flow would."""

    record_as = "event_thrown"


class Split(Pass):
    """Stands before an activity with boundary events: leads to the activity and to the waits on its edge."""

    def __init__(self, scope: ScopeSpec, name: str, element: Element, *, main: Node) -> None:
        super().__init__(scope, name, element)
        self.main = main


class PlainTask(Pass):
    """A plain or manual task, which passes through as in Camunda 8."""

    record_as = "activity_completed"


def edge_activity(task: Task) -> Task | None:
    """Return the activity on whose edge ``task`` waits, or that ``task`` is."""
    split = task.parent
    if split is None or not isinstance(split.task_spec, Split):
        return None
    main = split.task_spec.main
    return next((child for child in split.children if child.task_spec is main), None)


class ScopeStart(Node):
    """Where a scope begins: one start event, and the waits of its event sub-processes."""

    plain_start: str = ""
    """The start event that is taken when none is asked for."""

    def next_exits(self, run: "Run", task: Task) -> Iterable[Exit]:
        """Return the start event that was asked for, else the plain one, and every event sub-process."""
        starts = [way for way in self.exits if not way.node.opens_event_scope]
        waits = [way for way in self.exits if way.node.opens_event_scope]
        chosen = run.start_element_id if task.workflow.parent_task is None else None
        return [*(way for way in starts if way.node.name == (chosen or self.plain_start)), *waits]

    def _on_ready(self, my_task: Task) -> None:
        """Wait for ``Run.begin``: the workflow is still being built here."""


class ScopeEnd(Node):
    """Where all tokens of a scope end; it lets go when none is left."""

    def enter(self, run: "Run", task: Task) -> bool:
        """Wait until the run has come to rest."""
        tokens.park(task)
        return False

    def act(self, run: "Run", task: Task) -> bool | None:
        """End the scope."""
        run.scope_ended(task.workflow)
        return True


class Gateway(Node):
    """What all gateways have in common."""

    record_as = "gateway_passed"

    def tokens(self, task: Task) -> dict[str | None, Task]:
        """Return the oldest waiting token of each incoming flow, ``task`` included."""
        found: dict[str | None, Task] = {}
        for other in task.workflow.tasks.values():
            if other.task_spec is self and (other is task or other.state == TaskState.WAITING):
                found.setdefault(other.internal_data.get("flow"), other)
        return found


class ParallelGateway(Gateway):
    """Waits for one token on each incoming flow and leaves by all."""

    def enter(self, run: "Run", task: Task) -> bool:
        """Go on if this token completes a set; tokens beyond it stay for the next."""
        found = self.tokens(task)
        if len(found) < len(self.entries):
            tokens.park(task)
            return False
        for other in found.values():
            if other is not task:
                run.cancel(other)
        return True


class InclusiveGateway(Gateway):
    """Waits while another token can still come, and leaves by every flow whose condition is true."""

    def __init__(self, scope: ScopeSpec, name: str, element: Element) -> None:
        super().__init__(scope, name, element)
        self.sources: dict[str, frozenset[str]] = {}
        """For each incoming flow, the nodes from which a token can come by it without passing here."""

    def enter(self, run: "Run", task: Task) -> bool:
        """Wait until the run has come to rest, unless there is nothing to wait for."""
        if len(self.entries) > 1:
            tokens.park(task)
            return False
        return True

    def settle(self, run: "Run", task: Task) -> None:
        """Let the waiting tokens go on as one if no other is to come.

        As BPMN has it: another token counts if it can come by a flow where none waits, and by no flow where
        one does. So a token that must first pass here, in a loop, holds nothing up.
        """
        waiting = self.tokens(task)
        others = {
            other.task_spec.name
            for other in task.workflow.tasks.values()
            if other.task_spec is not self and tokens.is_live(other)
        }
        taken = frozenset[str]().union(*(names for flow, names in self.sources.items() if flow in waiting))
        free = frozenset[str]().union(*(names for flow, names in self.sources.items() if flow not in waiting))
        if others & (free - taken):
            return
        for other in waiting.values():
            if other is not task:
                run.cancel(other)
        tokens.let_go(task)

    def next_exits(self, run: "Run", task: Task) -> Iterable[Exit]:
        """Return every flow whose condition is true, else the default."""
        taken = [way for way in self.exits if _is_open(self, way, run, task)]
        return taken or [_default(self)]


class ExclusiveGateway(Gateway):
    """Leaves by the first flow whose condition is true, else by the default."""

    def next_exits(self, run: "Run", task: Task) -> Iterable[Exit]:
        """Return the one flow to take."""
        return [next((way for way in self.exits if _is_open(self, way, run, task)), None) or _default(self)]


class EventGateway(Gateway):
    """Leads to several waits; the first that ends it takes the token."""


def _is_open(node: Node, way: Exit, run: "Run", task: Task) -> bool:
    if way.condition is None:
        return way.flow_id is None or way.flow_id != node.element.default_flow
    value = run.values.feel(way.condition, chain_of(task))
    if value is None or isinstance(value, bool):
        return value is True
    raise StepFailedError(
        f"the condition of flow {way.flow_id} gives a {type(value).__name__}, not true or false",
        element_id=node.element.id,
    )


def _default(node: Node) -> Exit:
    for way in node.exits:
        if way.flow_id == node.element.default_flow and way.flow_id is not None:
            return way
    raise StepFailedError("no condition is true and there is no default flow", element_id=node.element.id)
