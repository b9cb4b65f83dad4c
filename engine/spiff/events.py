"""The events: what is waited for and what is thrown."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from SpiffWorkflow.task import Task

from engine.diagram import Element, EventSpec
from engine.errors import BpmnError, StepFailedError
from engine.feel import display
from engine.spiff import tokens
from engine.spiff.nodes import Node, Pass, edge_activity
from engine.spiff.timing import Repetition, TimingError, first_due
from engine.spiff.values import chain_of
from engine.spiff.workflow import ScopeSpec, Thrown

if TYPE_CHECKING:
    from engine.spiff.run import Run


class Catch(Node):
    """Waits for a timer, a message or a signal: an intermediate event or a receive task."""

    record_as = "event_caught"
    is_at_edge: ClassVar[bool] = False
    """Whether it only watches over what else goes on."""

    def __init__(self, scope: ScopeSpec, name: str, element: Element) -> None:
        super().__init__(scope, name, element)
        self.event = element.event or EventSpec("none")

    def chain(self, run: "Run", task: Task) -> list[str]:
        """Return the scopes in which the event's expressions are evaluated."""
        return chain_of(task)

    def enter(self, run: "Run", task: Task) -> bool:
        """Arm the wait: due moment, message name and key are worked out once."""
        if self.event.kind == "none":
            return True
        run.values.apply_inputs(task)
        task.internal_data["wait"] = self._arm(run, task)
        tokens.park(task)
        return False

    def act(self, run: "Run", task: Task) -> bool | None:
        """Hand out what came with the event."""
        run.values.hand_out(task, run.take_payload())
        return True

    def fire(self, run: "Run", task: Task) -> None:
        """Let the event happen."""
        run.go_on(task)

    def _arm(self, run: "Run", task: Task) -> dict[str, Any]:
        if self.event.kind == "timer":
            return self._arm_timer(run, task)
        if self.event.kind == "message":
            return self._arm_message(run, task)
        name = run.values.evaluate(self.event.name, self.chain(run, task))
        return {"name": name if isinstance(name, str) else display(name), "code": self.event.code}

    def _arm_timer(self, run: "Run", task: Task) -> dict[str, Any]:
        value = run.values.evaluate(self.event.timer, self.chain(run, task))
        try:
            due_at, cycle = first_due(self.event.timer_kind or "timeDate", value, now=run.host.now)
        except TimingError as error:
            raise StepFailedError(f"the timer is wrong: {error}", element_id=self.element.id) from error
        if cycle is None:
            return {"due_at": due_at.isoformat()}
        return {"due_at": due_at.isoformat(), "cycle": cycle.to_json()}

    def _arm_message(self, run: "Run", task: Task) -> dict[str, Any]:
        name = run.values.evaluate(self.event.name, self.chain(run, task))
        if not isinstance(name, str) or not name:
            raise StepFailedError("the message has no name", element_id=self.element.id)
        key = correlation_key(self.element, run, self.chain(run, task))
        return {"name": name, "key": key}


class Boundary(Catch):
    """An event on the edge of an activity; one that does not interrupt may happen again and again."""

    is_at_edge = True

    def __init__(self, scope: ScopeSpec, name: str, element: Element, *, happened: Node) -> None:
        super().__init__(scope, name, element)
        self.happened = happened
        """Where the flow goes on each time that the event happens without interrupting."""

    def chain(self, run: "Run", task: Task) -> list[str]:
        """Return the scopes of the activity, its input mappings included."""
        return chain_of(edge_activity(task) or task)

    def fire(self, run: "Run", task: Task) -> None:
        """Interrupt the activity, or let the flow go on beside it."""
        if self.element.interrupting:
            run.end_activity(task)
            run.go_on(task)
            return
        run.branch(task, self.happened)
        rearm(run, task)


class EventStart(Catch):
    """Waits for the start of an event sub-process while its scope runs."""

    opens_event_scope = True
    is_at_edge = True

    def __init__(self, scope: ScopeSpec, name: str, element: Element, *, handler: Node) -> None:
        super().__init__(scope, name, element)
        self.handler = handler

    def chain(self, run: "Run", task: Task) -> list[str]:
        """Return the scopes of the surrounding scope."""
        return chain_of(task)[1:]

    def act(self, run: "Run", task: Task) -> bool | None:
        """Leave what came with the event to the event sub-process."""
        return True

    def fire(self, run: "Run", task: Task) -> None:
        """Interrupt everything else in the scope, or run beside it."""
        if self.element.interrupting:
            run.end_scope(task)
            run.go_on(task)
            return
        run.branch(task, self.handler)
        run.record(self)
        rearm(run, task)


def rearm(run: "Run", task: Task) -> None:
    """Wait for the next time; a timer that has no next time is over."""
    wait = task.internal_data["wait"]
    if "due_at" not in wait:
        return
    cycle = Repetition.from_json(wait["cycle"]).after(run.host.now) if "cycle" in wait else None
    if cycle is None:
        run.cancel(task)
    else:
        task.internal_data["wait"] = {"due_at": cycle.due_at.isoformat(), "cycle": cycle.to_json()}


class Happened(Pass):
    """One occurrence of a boundary event that does not interrupt."""

    record_as = "event_caught"

    def act(self, run: "Run", task: Task) -> bool | None:
        """Hand out what came with the event."""
        run.values.hand_out(task, run.take_payload())
        return True


class StartEvent(Pass):
    """The start of a scope; its output mappings fill the scope."""

    record_as = "event_caught"

    def act(self, run: "Run", task: Task) -> bool | None:
        """Apply the output mappings to the scope that starts."""
        outer = chain_of(task)[1:]
        for mapping in self.element.outputs:
            run.scopes.assign_local(outer[0], mapping.target, run.values.evaluate(mapping.source, outer))
        return True


class Throw(Node):
    """An intermediate throw event: message, signal, escalation or nothing."""

    record_as = "event_thrown"

    def enter(self, run: "Run", task: Task) -> bool:
        """Apply the input mappings."""
        run.values.apply_inputs(task)
        return True

    def act(self, run: "Run", task: Task) -> bool | None:
        """Throw."""
        event = self.element.event or EventSpec("none")
        if event.kind == "message":
            return self._send(run, task)
        if event.kind == "signal":
            run.throw(Thrown("signal", run.values.text(event.name, task), task))
        if event.kind == "escalation":
            run.throw(Thrown("escalation", run.values.text(event.code, task), task))
        return True

    def _send(self, run: "Run", task: Task) -> bool | None:
        try:
            results = run.send(task)
        except BpmnError as error:
            run.throw(Thrown("error", error.code, task))
            return None
        run.values.hand_out(task, results)
        return True


class End(Throw):
    """An end event; an error interrupts what encloses it, terminate ends the whole scope."""

    record_as = "flow ended"

    def act(self, run: "Run", task: Task) -> bool | None:
        """Throw, or end the scope."""
        run.outcome = self.element.id
        event = self.element.event or EventSpec("none")
        if event.kind == "error":
            run.throw(Thrown("error", run.values.text(event.code, task), task))
            return None
        if event.kind == "terminate":
            run.end_scope(task)
        return super().act(run, task)


def correlation_key(element: Element, run: "Run", chain: list[str]) -> str:
    """Return the key of a message as text.

    Raises:
        StepFailedError: the expression gives neither text nor a number.

    """
    text = element.event.correlation_key if element.event else ""
    value = run.values.evaluate(text, chain)
    if isinstance(value, Decimal):
        return display(value)
    if not isinstance(value, str) or (text and not value):
        raise StepFailedError("the correlation key is neither text nor a number", element_id=element.id)
    return value
