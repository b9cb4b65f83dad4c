from typing import Any
from uuid import UUID

from engine.spiff.nodes import Node
from engine.spiff.workflow import AnyWorkflow

class Task:
    id: UUID
    workflow: AnyWorkflow
    task_spec: Node
    internal_data: dict[str, Any]
    state: int
    children: list[Task]
    parent: Task | None
    _children: list[UUID]
    def __init__(
        self,
        workflow: AnyWorkflow,
        task_spec: Node,
        parent: Task | None = None,
        state: int = 1,
        id: UUID | None = None,
    ) -> None: ...
    def has_state(self, state: int) -> bool: ...
    def run(self) -> bool | None: ...
    def _add_child(self, task_spec: Node, state: int = 1) -> Task: ...
    def _ready(self) -> None: ...
    def _set_state(self, value: int) -> None: ...
