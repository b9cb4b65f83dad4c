from uuid import UUID

from SpiffWorkflow.task import Task

from engine.spiff.workflow import InstanceWorkflow, ScopeSpec

class BpmnSubWorkflow:
    spec: ScopeSpec
    top_workflow: InstanceWorkflow
    tasks: dict[UUID, Task]
    task_tree: Task
    def __init__(
        self,
        spec: ScopeSpec,
        parent_task_id: UUID,
        top_workflow: InstanceWorkflow,
        *,
        deserializing: bool = False,
    ) -> None: ...
    def _calculate_depth(self) -> int: ...
    def _task_completed_notify(self, task: Task) -> None: ...
