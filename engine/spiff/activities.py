"""The activities: what people do, what actions do, and what runs inside."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from SpiffWorkflow.task import Task

from engine.diagram import Element
from engine.errors import BpmnError, StepFailedError
from engine.feel import Value
from engine.spiff import assignment, tokens
from engine.spiff.nodes import Node
from engine.spiff.values import chain_of
from engine.spiff.workflow import ScopeSpec, Thrown, called_scope

if TYPE_CHECKING:
    from engine.spiff.run import Run


class Activity(Node):
    """What all activities have in common: input mappings on the way in, output mappings on the way out."""

    record_as = "activity_completed"

    def enter(self, run: "Run", task: Task) -> bool:
        """Apply the input mappings and begin."""
        run.values.apply_inputs(task)
        return self.begin(run, task)

    def begin(self, run: "Run", task: Task) -> bool:
        """Start; return whether the activity may act at once."""
        return True

    def act(self, run: "Run", task: Task) -> bool | None:
        """Do the work and hand its results out; an error event leaves the token here to be interrupted."""
        try:
            results = self.work(run, task)
        except BpmnError as error:
            run.throw(Thrown("error", error.code, task))
            return None
        run.values.hand_out(task, results)
        return True

    def work(self, run: "Run", task: Task) -> Mapping[str, Value]:
        """Return the results."""
        return {}


class UserTask(Activity):
    """A person's work; it waits until it is completed."""

    def __init__(self, scope: ScopeSpec, name: str, element: Element) -> None:
        super().__init__(scope, name, element)
        self.manual = True

    def begin(self, run: "Run", task: Task) -> bool:
        """Work out once whose it is and until when."""
        run.count_human_task()
        task.internal_data["human"] = assignment.assign(
            self.element, lambda text: run.values.evaluate(text, chain_of(task)), now=run.host.now
        )
        return True

    def work(self, run: "Run", task: Task) -> Mapping[str, Value]:
        """Return the answers."""
        return run.take_payload()

    def _on_ready(self, my_task: Task) -> None:
        """Wait for a person."""


class ServiceTask(Activity):
    """Calls a registered action in the same step; without one it passes through."""

    def work(self, run: "Run", task: Task) -> Mapping[str, Value]:
        """Return what the action returns."""
        if self.element.action is None:
            return {}
        return run.host.run_action(self.element, run.values.everything(task)) or {}


class ScriptTask(Activity):
    """Evaluates a FEEL expression into a variable."""

    def work(self, run: "Run", task: Task) -> Mapping[str, Value]:
        """Return the value under the name of the result variable."""
        value = run.values.feel(self.element.script or "", chain_of(task))
        return {self.element.result_variable: value} if self.element.result_variable else {}


class RuleTask(Activity):
    """Asks a decision model of the bundle."""

    def work(self, run: "Run", task: Task) -> Mapping[str, Value]:
        """Return the decision under the name of the result variable."""
        decision_id = run.values.text(self.element.called_decision or "", task)
        value = run.host.decide(self.element, decision_id, run.values.everything(task))
        return {self.element.result_variable: value} if self.element.result_variable else {}


class SendTask(Activity):
    """Sends a message, or calls an action where it names no message."""

    def work(self, run: "Run", task: Task) -> Mapping[str, Value]:
        """Send."""
        return run.send(task)


class SubProcess(Activity):
    """Runs the nodes inside it; an event sub-process gets the variables of its event."""

    def __init__(self, scope: ScopeSpec, name: str, element: Element) -> None:
        super().__init__(scope, name, element)
        self.inner_key = f"{element.process_id}/{element.id}"

    def begin(self, run: "Run", task: Task) -> bool:
        """Open the scope inside."""
        if self.element.triggered_by_event:
            for name, value in run.take_payload().items():
                run.scopes.assign_local(task.id.hex, name, value)
        self.open(run, task, self.inner_key)
        return False

    def open(self, run: "Run", task: Task, key: str) -> None:
        """Start what runs inside."""
        tokens.mark_running(task)
        run.open_scope(task, key)

    def inner_results(self, run: "Run", task: Task) -> Mapping[str, Value]:
        """Return what the scope leaves to the outside, when it has ended."""
        return {}

    def work(self, run: "Run", task: Task) -> Mapping[str, Value]:
        """Return what the scope has left."""
        return run.results_of(task)


class CallActivity(SubProcess):
    """Runs another process of the same bundle, with variables of its own."""

    def begin(self, run: "Run", task: Task) -> bool:
        """Start the called process with a copy of the variables it may see."""
        process_id = run.values.text(self.element.called_process or "", task)
        key = run.program.process_key(process_id)
        if key is None:
            raise StepFailedError(f"process {process_id!r} is not in this bundle", element_id=self.element.id)
        sees_all = self.element.propagate_all_parent_variables
        seen = run.values.everything(task) if sees_all else run.scopes.local(task.id.hex)
        for name, value in seen.items():
            run.scopes.assign_local(called_scope(task), name, value)
        self.open(run, task, key)
        return False

    def inner_results(self, run: "Run", task: Task) -> Mapping[str, Value]:
        """Return the variables of the called process, for the output mappings or as they are."""
        variables = dict(run.scopes.local(called_scope(task)))
        run.scopes.drop(called_scope(task))
        return variables if self.element.propagate_all_child_variables or self.element.outputs else {}
