from engine.spiff.nodes import Node

class WorkflowSpec:
    name: str
    task_specs: dict[str, Node]
    start: Node
    end: Node
    def __init__(self, name: str | None = None) -> None: ...
