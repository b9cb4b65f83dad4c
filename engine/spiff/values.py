"""What a token sees and what it leaves: expressions, input and output mappings on the chain of scopes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from SpiffWorkflow.task import Task

from engine.errors import StepFailedError
from engine.feel import Environment, FeelLimitError, FeelSyntaxError, Value, parse
from engine.spiff.host import Host
from engine.spiff.workflow import called_scope
from engine.variables import PROCESS_SCOPE, Scopes

if TYPE_CHECKING:
    from engine.spiff.nodes import Node


class Values:
    """The variables of one instance as its tokens see them."""

    def __init__(self, scopes: Scopes, host: Host) -> None:
        self.scopes = scopes
        self._host = host
        self._environment = Environment(now=host.now)

    def feel(self, text: str, chain: Sequence[str], *, known: Mapping[str, Value] | None = None) -> Value:
        """Return the value of a FEEL expression, with or without its leading ``=``.

        Raises:
            StepFailedError: it is no expression, or it asks for too much.

        """
        variables = self.scopes.view(chain)
        try:
            expression = parse(text.strip().removeprefix("="))
            return expression.evaluate(
                {**variables, **known} if known else variables, environment=self._environment_of(text)
            )
        except (FeelSyntaxError, FeelLimitError) as error:
            raise StepFailedError(f"the expression {text!r:.200} fails: {error}") from error

    def _environment_of(self, text: str) -> Environment:
        """Ask for the calendar only where a function is called that needs it: all their names say so."""
        if "working" not in text or self._environment.calendar is not None:
            return self._environment
        self._environment = replace(self._environment, calendar=self._host.calendar)
        return self._environment

    def evaluate(self, text: str, chain: Sequence[str]) -> Value:
        """Return plain text as it is, and the value of text that begins with ``=``."""
        return self.feel(text, chain) if text.startswith("=") else text

    def text(self, text: str, task: Task) -> str:
        """Return a name in the diagram, which may be an expression.

        Raises:
            StepFailedError: it gives no text.

        """
        value = self.evaluate(text, chain_of(task))
        if not isinstance(value, str):
            raise StepFailedError(f"{text!r:.200} gives a {type(value).__name__}, no text")
        return value

    def everything(self, task: Task) -> dict[str, Value]:
        """Return everything in reach of a token."""
        return dict(self.scopes.view(chain_of(task)))

    def apply_inputs(self, task: Task) -> None:
        """Fill the token's own scope by the input mappings; later ones see what earlier ones gave."""
        node: Node = task.task_spec
        chain = chain_of(task)
        for mapping in node.element.inputs:
            self.scopes.assign_local(task.id.hex, mapping.target, self.evaluate(mapping.source, chain))

    def hand_out(self, task: Task, results: Mapping[str, Value]) -> None:
        """Give results to the scopes outside: by the output mappings or, without any, under their names."""
        node: Node = task.task_spec
        chain = chain_of(task)
        if not node.element.outputs:
            for name, value in results.items():
                own = name == node.own_variable
                self.scopes.assign(chain if own else chain[1:], name, value)
            return
        for name, value in results.items():
            self.scopes.assign_local(task.id.hex, name, value)
        for mapping in node.element.outputs:
            self.scopes.assign(chain[1:], mapping.target, self.evaluate(mapping.source, chain))


def chain_of(task: Task) -> list[str]:
    """Return the names of the scopes that a token sees, its own first, the process last."""
    chain: list[str] = []
    while True:
        chain.append(task.id.hex)
        parent = task.parent
        if parent is not None and parent.task_spec.holds(task.task_spec):
            task = parent
            continue
        holder: Task | None = task.workflow.parent_task
        if holder is None:
            return [*chain, PROCESS_SCOPE]
        if task.workflow.spec.is_process:
            return [*chain, called_scope(holder)]
        task = holder
