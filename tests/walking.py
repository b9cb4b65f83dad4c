"""Walks a diagram in memory: acts as its people, saves and loads after each command."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from uuid import UUID

from engine.diagram import Element
from engine.errors import StepFailedError
from engine.feel import Value, WorkingCalendar, to_feel
from engine.spiff import Execution, OpenTask, Program, compile_program

MONDAY: Final = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""09:00 in Hải Phòng."""
_HEAD: Final = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="x">'
)
Action = Callable[[Mapping[str, Value]], Mapping[str, object] | None]


def diagram(inner: str, *, definitions: str = "", process_id: str = "p") -> bytes:
    """Return a file with one process; ``inner`` is XML between lines that are sequence flows.

    A line ``a -> b`` is a sequence flow, ``a -> b : =x > 1`` one with a condition.
    """
    lines: list[str] = []
    for line in inner.splitlines():
        text = line.strip()
        if " -> " in text and not text.startswith("<"):
            lines.append(_flows(text))
        else:
            lines.append(text)
    body = "\n".join(lines)
    return (
        f'{_HEAD}{definitions}<bpmn:process id="{process_id}" isExecutable="true">{body}</bpmn:process>'
        "</bpmn:definitions>"
    ).encode()


def _flows(text: str) -> str:
    path, _, condition = text.partition(" : ")
    nodes = path.split(" -> ")
    expression = (
        f"<bpmn:conditionExpression>{_escape(condition)}</bpmn:conditionExpression>" if condition else ""
    )
    return "".join(
        f'<bpmn:sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{expression}</bpmn:sequenceFlow>"
        for source, target in pairwise(nodes)
    )


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def extended(*extensions: str) -> str:
    """Return extension elements."""
    return f"<bpmn:extensionElements>{''.join(extensions)}</bpmn:extensionElements>"


def timer(kind: str, text: str) -> str:
    """Return a timer's definition."""
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


def message(name: str, key: str) -> str:
    """Return a message's definition, with its name as id."""
    return (
        f'<bpmn:message id="{name}" name="{name}">'
        f'{extended(f"""<zeebe:subscription correlationKey="{key}"/>""")}</bpmn:message>'
    )


def user_tasks(*names: str) -> str:
    """Return user tasks of these ids."""
    return "\n".join(f'<bpmn:userTask id="{name}"/>' for name in names)


def sub_process(inner: str, edge: str = "", *, definitions: str = "", outer: str = "") -> bytes:
    """Return a diagram whose sub-process ``sub`` holds ``inner``, between ``s`` and ``after``."""
    return diagram(
        f"""
        <bpmn:startEvent id="s"/><bpmn:userTask id="handle"/><bpmn:userTask id="after"/>
        <bpmn:subProcess id="sub"><bpmn:startEvent id="s2"/>
        {inner}
        </bpmn:subProcess>
        {edge}
        {outer}
        s -> sub -> after
        """,
        definitions=definitions,
    )


class RecordingHost:
    """The surroundings of a walk: actions given as functions; keeps what was recorded and sent."""

    def __init__(self, actions: Mapping[str, Action] | None = None) -> None:
        self.now = MONDAY
        self.calendar: WorkingCalendar | None = None
        self.actions = dict(actions or {})
        self.records: list[tuple[str, str]] = []
        self.sent: list[tuple[str, str, dict[str, Value]]] = []
        self.called: list[tuple[str, dict[str, Value]]] = []

    def run_action(self, element: Element, variables: Mapping[str, Value]) -> Mapping[str, Value] | None:
        """Call the function of the action's name."""
        name = element.action or ""
        self.called.append((name, dict(variables)))
        results = self.actions[name](variables) if name in self.actions else None
        return None if results is None else {key: to_feel(value) for key, value in results.items()}

    def throw_message(
        self, element: Element, name: str, correlation_key: str, variables: Mapping[str, Value]
    ) -> None:
        """Keep the message."""
        del element
        self.sent.append((name, correlation_key, dict(variables)))

    def decide(self, element: Element, decision_id: str, variables: Mapping[str, Value]) -> Value:
        """Decide what the variable of the decision's name says."""
        del element
        if decision_id not in variables:
            raise StepFailedError(f"no decision {decision_id}")
        return variables[decision_id]

    def record(self, kind: str, element: Element) -> None:
        """Keep what happened."""
        self.records.append((kind, element.id))


class Walk:
    """One instance that is saved and loaded, by a program built anew, after each command."""

    def __init__(
        self,
        *files: bytes,
        variables: Mapping[str, object] | None = None,
        actions: Mapping[str, Action] | None = None,
        start_element_id: str | None = None,
    ) -> None:
        self.files = {f"{number}.bpmn": content for number, content in enumerate(files)}
        self.sha256 = "0" * 64
        self.host = RecordingHost(actions)
        self.execution = Execution.start(
            self.program(),
            "p",
            {name: to_feel(value) for name, value in (variables or {}).items()},
            self.host,
            start_element_id=start_element_id,
        )
        self.reload()

    def program(self) -> Program:
        """Build the program anew: nothing may hang on the objects of an earlier one."""
        return compile_program(self.sha256, self.files)

    def reload(self) -> None:
        """Save and load."""
        workflow, variables = self.execution.save()
        self.execution = Execution.load(self.program(), "p", workflow, variables, self.host)

    def tasks(self, element_id: str | None = None) -> list[OpenTask]:
        """Return the open tasks, of one element or all."""
        return [task for task in self.execution.open_tasks() if element_id in {None, task.element.id}]

    @property
    def open(self) -> list[str]:
        """The elements of the open tasks."""
        return sorted(task.element.id for task in self.tasks())

    def complete(self, element_id: str, place: int = 0, **answers: object) -> None:
        """Hand in one open task of an element."""
        task = self.tasks(element_id)[place]
        self.execution.complete_task(
            task.workflow_task_id, {name: to_feel(value) for name, value in answers.items()}
        )
        self.reload()

    def timer_of(self, element_id: str) -> UUID:
        """Return the wait of a timer event."""
        return next(
            timer.workflow_task_id for timer in self.execution.timers() if element_id == timer.element.id
        )

    def due_at(self, element_id: str) -> datetime:
        """Return when a timer event is due."""
        return next(timer.due_at for timer in self.execution.timers() if element_id == timer.element.id)

    def fire(self, element_id: str, *, late: timedelta = timedelta(0)) -> None:
        """Let a timer fire at its moment, or later."""
        self.host.now = self.due_at(element_id) + late
        self.execution.fire_timer(self.timer_of(element_id))
        self.reload()

    def deliver(self, element_id: str, **variables: object) -> None:
        """Hand a message to the wait of an element."""
        wait = next(each for each in self.execution.subscriptions() if element_id == each.element.id)
        self.execution.deliver_message(
            wait.workflow_task_id, {name: to_feel(value) for name, value in variables.items()}
        )
        self.reload()

    @property
    def waits(self) -> list[str]:
        """The elements that wait for messages."""
        return sorted(wait.element.id for wait in self.execution.subscriptions())

    @property
    def variables(self) -> dict[str, Value]:
        """The variables of the process."""
        return self.execution.variables_at(None)

    @property
    def ended(self) -> str | None:
        """The end event that was reached, or None while the process runs."""
        return self.execution.outcome if self.execution.is_completed else None
