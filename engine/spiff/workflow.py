"""SpiffWorkflow's specification and workflow classes, cut down to what moves tokens."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.specs.WorkflowSpec import WorkflowSpec
from SpiffWorkflow.task import Task

from engine.spiff.environment import NoPythonEngine

if TYPE_CHECKING:
    from engine.spiff.run import Run


class ScopeSpec(WorkflowSpec):
    """The nodes of one process or sub-process; never changed after it is built, so that threads share it."""

    def __init__(self, key: str, *, is_process: bool) -> None:
        super().__init__(name=key)
        self.data_objects: dict[str, object] = {}
        self.start_ids: list[str] = []
        """The start events; one of them is taken."""
        self.is_process = is_process
        """Whether it is a process, whose variables nobody outside sees."""


class ScopeWorkflow(BpmnSubWorkflow):
    """One running sub-process or called process."""

    def __init__(
        self,
        spec: ScopeSpec,
        parent_task: Task,
        top_workflow: "InstanceWorkflow",
        *,
        deserializing: bool = False,
    ) -> None:
        self.parent_task = parent_task
        super().__init__(spec, parent_task.id, top_workflow, deserializing=deserializing)

    def _calculate_depth(self) -> int:
        return 1

    def _task_completed_notify(self, task: Task) -> None:
        """Leave it to ``Run`` to look after waiting tokens."""


class InstanceWorkflow(BpmnWorkflow):
    """One running instance."""

    def __init__(
        self, spec: ScopeSpec, specs: dict[str, ScopeSpec], run: "Run", *, deserializing: bool = False
    ) -> None:
        self.run = run
        self.parent_task: Task | None = None
        super().__init__(spec, specs, script_engine=NoPythonEngine(), deserializing=deserializing)

    def open_scope(self, task: Task, key: str) -> ScopeWorkflow:
        """Start a sub-process or called process inside ``task``."""
        scope = ScopeWorkflow(self.subprocess_specs[key], task, self)
        self.subprocesses[task.id] = scope
        return scope

    def scopes(self) -> "Iterator[AnyWorkflow]":
        """Return the process and everything that runs inside it."""
        yield self
        yield from list(self.subprocesses.values())

    def _task_completed_notify(self, task: Task) -> None:
        """Leave it to ``Run`` to look after waiting tokens."""


AnyWorkflow: TypeAlias = InstanceWorkflow | ScopeWorkflow


@dataclass(frozen=True)
class Thrown:
    """Something thrown inside the instance, to be caught when the throwing step is over."""

    kind: Literal["error", "escalation", "signal"]
    code: str
    """The code of an error or escalation, the name of a signal."""
    source: Task


def run_of(task: Task) -> "Run":
    """Return the run that moves ``task``."""
    workflow = task.workflow
    return workflow.run if isinstance(workflow, InstanceWorkflow) else workflow.top_workflow.run


def called_scope(task: Task) -> str:
    """Return the name of the scope of the process that a call activity runs."""
    return f"{task.id.hex}/process"


def items_scope(task: Task) -> str:
    """Return the name of the scope, seen by nobody, that keeps the items of a sequence."""
    return f"{task.id.hex}/items"
