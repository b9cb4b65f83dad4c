"""Decision models as the rest of the program holds them: loaded once, then evaluated and explained."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from engine.dmn.coverage import check_coverage
from engine.dmn.graph import Graph, Node, compile_library
from engine.dmn.problems import Problem, Problems
from engine.dmn.questions import Question, prepare
from engine.dmn.reader import Key
from engine.dmn.requirements import Requirements
from engine.dmn.sources import gather
from engine.dmn.trace import DecisionRun, Explanation
from engine.errors import NotFoundError
from engine.feel import Environment, Value

_STILL: Final = Environment()
_EVALUATED: Final = frozenset({"decision", "decisionService"})


@dataclass(frozen=True)
class Decision:
    """A decision or decision service that a model offers."""

    id: str
    name: str
    kind: str
    functions: frozenset[str]
    """The built-in functions that it and what it rests on call: with ``now`` among them, time matters."""


@dataclass(frozen=True)
class Model:
    """A decision model, never changed, so that threads share it."""

    file: str
    name: str
    namespace: str
    problems: tuple[Problem, ...]
    """What is wrong with its own file; a decision that rests on an error is refused."""
    _graph: Graph = field(repr=False, compare=False)
    _questions: dict[Key, Question] = field(repr=False, compare=False, default_factory=dict[Key, Question])

    @property
    def decisions(self) -> list[Decision]:
        """What can be asked of the model, in the order of the file."""
        return [self._describe(node) for node in self._nodes()]

    def evaluate(
        self, decision: str, inputs: Mapping[str, object], *, environment: Environment = _STILL
    ) -> Value:
        """Return the value of a decision or decision service, given by name or id, for these inputs by name.

        Raises:
            NotFoundError: the model has no such decision, or two of that name.
            ModelRefusedError: the decision, or one it rests on, cannot be evaluated as it is written.
            InvalidInputError: an input is missing or is no value.
            DecisionFailedError: the decision cannot be made of these inputs.

        """
        return self._question(decision).answer(inputs, DecisionRun(environment, traced=False))[0]

    def explain(
        self, decision: str, inputs: Mapping[str, object], *, environment: Environment = _STILL
    ) -> Explanation:
        """Return the value together with the rules that led to it.

        Raises:
            NotFoundError, ModelRefusedError, InvalidInputError, DecisionFailedError: as ``evaluate``.

        """
        run = DecisionRun(environment, traced=True)
        value, made = self._question(decision).answer(inputs, run)
        return Explanation(value, tuple(run.tables or ()), made)

    def review(self) -> list[Problem]:
        """Return what is worth knowing of the tables as wholes: gaps, overlaps, names given from outside.

        Takes far longer than loading: for those who check a file, not for those who use it.
        """
        problems = Problems()
        for key, node in self._graph.nodes.items():
            if key[0] != self.namespace or key in self._graph.refused:
                continue
            for name in sorted(node.open_names) if node.requires != Requirements() else ():
                problems.add("name_open", node.element.spot, value=name)
            for table in node.tables:
                check_coverage(table, problems)
        return problems.found

    def inputs_of(self, decision: str) -> list[str]:
        """Return the names of what a decision has to be given, declared as input data or just read.

        Raises:
            NotFoundError: as ``find``.

        """
        question = self._question(decision)
        return [*dict.fromkeys(node.element.name for node in question.given), *question.open_names]

    def find(self, decision: str) -> Decision:
        """Return a decision or decision service by its id or name.

        Raises:
            NotFoundError: there is none, or there are two of that name.

        """
        return self._describe(self._node(decision))

    def _nodes(self) -> Iterable[Node]:
        return (
            node
            for key, node in self._graph.nodes.items()
            if key[0] == self.namespace and node.element.kind in _EVALUATED
        )

    def _node(self, decision: str) -> Node:
        by_id = self._graph.nodes.get((self.namespace, decision))
        if by_id is not None and by_id.element.kind in _EVALUATED:
            return by_id
        found = [node for node in self._nodes() if node.element.name == decision]
        if len(found) != 1:
            raise NotFoundError(f"model {self.name!r} has {len(found)} decisions named {decision!r}")
        return found[0]

    def _describe(self, node: Node) -> Decision:
        element = node.element
        return Decision(element.key[1], element.name, element.kind, node.functions)

    def _question(self, decision: str) -> Question:
        node = self._node(decision)
        key = node.element.key
        if key not in self._questions:
            self._questions[key] = prepare(self._graph, node)
        return self._questions[key]


def load_all(files: Mapping[str, bytes]) -> dict[str, Model]:
    """Return the decision models among the files of a bundle, each under the ids of its decisions.

    Raises:
        XmlRefusedError: one is no XML that we read, or no decision model.

    """
    models = {name: content for name, content in files.items() if name.endswith(".dmn")}
    loaded = [load(content, beside=models, file=name) for name, content in models.items()]
    return {decision.id: model for model in loaded for decision in model.decisions}


def load(
    content: bytes, *, folder: Path | None = None, beside: Mapping[str, bytes] | None = None, file: str = ""
) -> Model:
    """Return the decision model in ``content``; it imports from the files in ``folder`` and ``beside`` alone.

    Raises:
        XmlRefusedError: it is no XML that we read, or no decision model.

    """
    pool = {} if folder is None else {path.name: path.read_bytes() for path in folder.glob("*.dmn")}
    library = gather(file, content, {**pool, **(beside or {})})
    graph = compile_library(library)
    main = library.main
    return Model(file, main.name, main.namespace, tuple(main.problems.found), graph)
