"""One decision of a graph, ready to be asked: what it needs, and the decisions on the way to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.dmn.errors import DecisionFailedError, ModelRefusedError, NotFittingError
from engine.dmn.graph import Graph, Node
from engine.dmn.reader import Key
from engine.dmn.trace import DecisionRun
from engine.errors import InvalidInputError
from engine.feel import FeelLimitError, Scope, Value, to_feel
from engine.feel.measure import measure

_CLOCKS: Final = frozenset({"now", "today"})


@dataclass(frozen=True)
class Question:
    """What is worked out once of a decision or decision service, and used each time it is asked."""

    graph: Graph
    node: Node
    made: tuple[Node, ...]
    """The decisions to be made, each behind those it needs; none for a service, which makes its own."""
    given: tuple[Node, ...]
    """What has to be given: input data, and for a service also the decisions that it takes as inputs."""
    open_names: Mapping[str, Node]
    """What is read without being declared, and by whom; it has to be given too."""
    item_names: frozenset[str]
    """What may be an entry of an item, or be given."""

    def answer(self, inputs: Mapping[str, object], run: DecisionRun) -> tuple[Value, dict[str, Value]]:
        """Return the value, and those of all decisions made on the way by their names.

        Raises:
            ModelRefusedError: it cannot be evaluated as it is written.
            InvalidInputError: an input is missing or is no value.
            DecisionFailedError: it cannot be made of these inputs.

        """
        if refused := self.graph.refused.get(self.node.element.key):
            raise ModelRefusedError(refused)
        if run.environment.now is None and _CLOCKS & self.node.functions:
            raise DecisionFailedError(self.node.element.spot, "asks for the time, which is not given")
        try:
            values = {one.element.key: self._input(one, inputs, run) for one in self.given}
            value = self._make(values, Scope(self._opened(inputs), None, run))
            if isinstance(value, list | dict):
                measure(value, run)
        except (FeelLimitError, RecursionError) as error:
            reason = str(error) if isinstance(error, FeelLimitError) else "its values are nested too deeply"
            raise DecisionFailedError(self.node.element.spot, reason) from None
        return value, {one.element.name: values[one.element.key] for one in self.made}

    def _make(self, values: dict[Key, Value], outer: Scope) -> Value:
        if self.node.function is not None:
            return self.node.function.call(outer.run, list(values.values()))
        self.graph.make(self.made, values, outer)
        return values[self.node.element.key]

    def _input(self, node: Node, inputs: Mapping[str, object], run: DecisionRun) -> Value:
        name = node.element.name
        if name not in inputs:
            raise InvalidInputError(f"the input {name!r} is not given")
        try:
            return node.type.fit(_value_of(name, inputs), run)
        except NotFittingError as error:
            raise InvalidInputError(f"the input {name!r}: {error}") from None

    def _opened(self, inputs: Mapping[str, object]) -> dict[str, Value]:
        for name, node in self.open_names.items():
            if name not in inputs:
                raise DecisionFailedError(node.element.spot, f"reads “{name}”, which is not given")
        names = (*self.open_names, *self.item_names)
        return {name: _value_of(name, inputs) for name in names if name in inputs}


def prepare(graph: Graph, node: Node) -> Question:
    """Return the question of a decision or decision service."""
    is_service = node.element.kind == "decisionService"
    made = [] if is_service else [graph.nodes[key] for key in graph.plan([node.element.key])]
    required = node.requires.inputs if is_service else [key for one in made for key in one.requires.inputs]
    return Question(
        graph=graph,
        node=node,
        made=tuple(made),
        given=tuple(graph.nodes[key] for key in dict.fromkeys(required)),
        open_names={name: one for one in made for name in sorted(one.open_names)},
        item_names=frozenset(name for one in made for name in one.item_names),
    )


def _value_of(name: str, inputs: Mapping[str, object]) -> Value:
    try:
        return to_feel(inputs[name])
    except TypeError as error:
        raise InvalidInputError(f"the input {name!r}: {error}") from None
