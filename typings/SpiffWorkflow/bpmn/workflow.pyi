from uuid import UUID

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.task import Task

from engine.spiff.workflow import ScopeSpec, ScopeWorkflow

class BpmnWorkflow:
    spec: ScopeSpec
    subprocess_specs: dict[str, ScopeSpec]
    subprocesses: dict[UUID, ScopeWorkflow]
    tasks: dict[UUID, Task]
    task_tree: Task
    def __init__(
        self,
        spec: ScopeSpec,
        subprocess_specs: dict[str, ScopeSpec],
        script_engine: PythonScriptEngine,
        *,
        deserializing: bool = False,
    ) -> None: ...
    def get_task_from_id(self, task_id: UUID) -> Task: ...
    def _task_completed_notify(self, task: Task) -> None: ...
