"""Multi-instance: one activity for each item of a collection, at once or one after another."""

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.task import Task

from engine.diagram import Element, Loop
from engine.errors import QuotaExceededError, StepFailedError
from engine.feel import Value
from engine.spiff import tokens
from engine.spiff.nodes import Node
from engine.spiff.values import chain_of
from engine.spiff.workflow import ScopeSpec, items_scope

if TYPE_CHECKING:
    from engine.spiff.run import Run

CHILDREN_LIMIT: Final = 1_000


class MultiInstance(Node):
    """Holds the repetitions of ``child``; results are collected by the item's place, not by who is faster."""

    def __init__(self, scope: ScopeSpec, name: str, element: Element, *, child: Node, loop: Loop) -> None:
        super().__init__(scope, name, element)
        self.child = child
        self.child.own_variable = _variable_of(loop.output_element)
        self.loop = loop

    def holds(self, node: TaskSpec) -> bool:
        """Whether ``node`` is the repeated activity."""
        return node is self.child

    def enter(self, run: "Run", task: Task) -> bool:
        """Read the collection once and start; an empty one passes straight through."""
        items = self._items(run, task)
        task.internal_data["loop"] = {"count": len(items), "started": 0, "completed": 0}
        if self.loop.output_collection:
            nothing: list[Value] = [None] * len(items)
            run.scopes.assign_local(task.id.hex, self.loop.output_collection, nothing)
        if not items:
            return True
        tokens.mark_running(task)
        if self.loop.sequential:
            run.scopes.assign_local(items_scope(task), "items", items)
            items = items[:1]
        for item in items:
            self._start_child(run, task, item)
        return False

    def child_completed(self, run: "Run", task: Task, child: Task) -> None:
        """Collect a child's result, then end, or start the next."""
        self._collect(run, task, child)
        progress = task.internal_data["loop"]
        progress["completed"] += 1
        if progress["completed"] == progress["count"] or self._is_decided(run, task, child):
            for other in list(task.children):
                if tokens.is_live(other):
                    run.cancel(other)
            tokens.let_go(task)
        elif self.loop.sequential:
            items = run.scopes.local(items_scope(task))["items"]
            if isinstance(items, list):
                self._start_child(run, task, items[progress["started"]])

    def act(self, run: "Run", task: Task) -> bool | None:
        """Hand the collected results out."""
        self.hand_out(run, task)
        return True

    def hand_out(self, run: "Run", task: Task) -> None:
        """Give the output collection to the scope outside; so does an interruption, to lose nothing."""
        local = run.scopes.local(task.id.hex)
        name = self.loop.output_collection
        if name and name in local:
            run.scopes.assign(chain_of(task)[1:], name, local[name])
        run.scopes.drop(items_scope(task))

    def _items(self, run: "Run", task: Task) -> list[Value]:
        items = run.values.feel(self.loop.input_collection, chain_of(task))
        if not isinstance(items, list):
            raise StepFailedError("the input collection is no list", element_id=self.element.id)
        if len(items) > CHILDREN_LIMIT:
            raise QuotaExceededError(
                f"{len(items)} repetitions; the limit is {CHILDREN_LIMIT}", element_id=self.element.id
            )
        return items

    def _start_child(self, run: "Run", task: Task, item: Value) -> None:
        progress = task.internal_data["loop"]
        child = tokens.add(task, self.child)
        child.internal_data["index"] = progress["started"]
        progress["started"] += 1
        if self.loop.input_element:
            run.scopes.assign_local(child.id.hex, self.loop.input_element, item)
        run.scopes.assign_local(child.id.hex, "loopCounter", Decimal(progress["started"]))
        if self.child.own_variable is not None:
            run.scopes.assign_local(child.id.hex, self.child.own_variable, None)
        tokens.arrive(child)

    def _collect(self, run: "Run", task: Task, child: Task) -> None:
        name = self.loop.output_collection
        if not name or not self.loop.output_element:
            return
        collected = run.scopes.local(task.id.hex).get(name)
        results = list(collected) if isinstance(collected, list) else []
        results[child.internal_data["index"]] = run.values.feel(self.loop.output_element, chain_of(child))
        run.scopes.assign_local(task.id.hex, name, results)

    def _is_decided(self, run: "Run", task: Task, child: Task) -> bool:
        """Evaluate the completion condition on the tally so far, with the counts of BPMN and Camunda 8."""
        if not self.loop.completion_condition:
            return False
        progress = task.internal_data["loop"]
        active = progress["started"] - progress["completed"]
        counts = {
            ("nrOfInstances", "numberOfInstances"): progress["count"],
            ("nrOfCompletedInstances", "numberOfCompletedInstances"): progress["completed"],
            ("nrOfActiveInstances", "numberOfActiveInstances"): active,
            ("nrOfTerminatedInstances", "numberOfTerminatedInstances"): 0,
        }
        known: dict[str, Value] = {name: Decimal(count) for names, count in counts.items() for name in names}
        return run.values.feel(self.loop.completion_condition, chain_of(child), known=known) is True


def _variable_of(expression: str | None) -> str | None:
    """Return the variable that an output element names; each child has its own, as in Camunda 8."""
    names = (expression or "").removeprefix("=").strip().split(".")
    return names[0] if all(name.isidentifier() for name in names) else None
