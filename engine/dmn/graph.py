"""Compiles every element of a library and evaluates decisions along their requirements, each of them once."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from engine.dmn.boxed import compile_function, compile_logic
from engine.dmn.calling import Parameter, make_function
from engine.dmn.problems import Problem
from engine.dmn.reader import Element, Key, Source, dmn_child, text_of
from engine.dmn.requirements import Requirements, in_order, read_requirements
from engine.dmn.site import Site, Unit, Vocabulary, typed
from engine.dmn.sources import Library
from engine.dmn.tables import Table
from engine.dmn.type_reading import Types
from engine.dmn.types import FunctionType, Type
from engine.feel import Function, Value
from engine.feel.compiler import Code
from engine.feel.limits import Run
from engine.feel.scope import Scope
from engine.ingest.xml import local_name

_NAMED: Final = frozenset({"itemComponent", "column", "variable", "output"})


@dataclass(frozen=True)
class Node:
    """An element that has been compiled."""

    element: Element
    requires: Requirements
    type: Type
    visible: tuple[tuple[str, str, Key], ...]
    """What its logic sees: the name of the import or nothing, the name, and the element."""
    code: Code | None = field(repr=False, default=None)
    """Of a decision."""
    function: Function | None = field(repr=False, default=None)
    """Of a business knowledge model or decision service."""
    open_names: frozenset[str] = frozenset()
    item_names: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    """The built-in functions that it and everything it rests on calls."""
    tables: tuple[Table, ...] = field(repr=False, default=())
    """The decision tables in its logic."""


@dataclass
class Graph:
    """All elements of a model and its imports, ready to be evaluated."""

    library: Library
    nodes: dict[Key, Node] = field(default_factory=dict[Key, Node])
    refused: dict[Key, list[Problem]] = field(default_factory=dict[Key, "list[Problem]"])
    """Why elements are not evaluated: for what is wrong with them or with what they rest on."""

    def plan(self, roots: Iterable[Key], given: Collection[Key] = ()) -> list[Key]:
        """Return the decisions to be made for ``roots``, behind those they need, but none of ``given``."""
        order: list[Key] = []
        seen = set(given)
        stack = [(key, False) for key in reversed(list(roots))]
        while stack:
            key, is_done = stack.pop()
            if is_done:
                order.append(key)
            elif key not in seen:
                seen.add(key)
                stack.append((key, True))
                stack += [(needed, False) for needed in reversed(self.nodes[key].requires.decisions)]
        return order

    def make(self, plan: Iterable[Node], values: dict[Key, Value], outer: Scope) -> None:
        """Make the decisions of a plan and put them to ``values``, which hold the inputs.

        Raises:
            DecisionFailedError: one of them cannot be made.

        """
        for node in plan:
            if node.code is not None:
                values[node.element.key] = node.code(outer.inner(self.variables(node, values)))

    def variables(self, node: Node, values: Mapping[Key, Value]) -> dict[str, Value]:
        """Return what the logic of a node sees: values and functions, those of imports in a context each."""
        found: dict[str, Value] = {}
        for prefix, name, key in node.visible:
            function = self.nodes[key].function
            value = values.get(key) if function is None else function
            if prefix:
                imported = found.setdefault(prefix, {})
                if isinstance(imported, dict):
                    imported[name] = value
            else:
                found[name] = value
        return found


def compile_library(library: Library) -> Graph:
    """Return the graph of a library; what is wrong in it is reported with its files."""
    return _Compiler(library).compile()


class _Compiler:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._types = Types(library)
        self._graph = Graph(library)
        members = _members(library)
        self._vocabularies = {
            namespace: Vocabulary(
                members=members,
                declared=frozenset(element.name for element in source.elements.values()),
                types=self._types.known_to(source),
            )
            for namespace, source in library.sources.items()
        }

    def compile(self) -> Graph:
        requirements = read_requirements(self._library)
        for key in in_order(requirements):
            element = self._library.element(key)
            if element is not None:
                self._graph.nodes[key] = self._compile(element, requirements[key])
        self._refuse(requirements)
        return self._graph

    def _compile(self, element: Element, requires: Requirements) -> Node:
        source = self._library.sources[element.key[0]]
        node = Node(element, requires, self._type_of(element), self._visible(element, requires, source))
        site = self._site(node, source)
        if element.kind == "businessKnowledgeModel":
            node = replace(node, function=self._knowledge(node, site))
        elif element.kind == "decisionService":
            node = replace(node, function=self._service(node, source))
        elif element.kind == "decision":
            node = replace(node, code=typed(compile_logic(element.node, site), node.type, element.spot))
        return self._noted(node, site.unit)

    def _noted(self, node: Node, unit: Unit) -> Node:
        """Return the node with what was learnt while it was compiled."""
        below = [self._graph.nodes[key] for key in node.requires.evaluated if key in self._graph.nodes]
        return replace(
            node,
            open_names=frozenset(unit.open_names),
            item_names=frozenset(unit.item_names - unit.vocabulary.declared),
            tables=tuple(unit.tables),
            functions=frozenset(unit.functions).union(*(needed.functions for needed in below)),
        )

    def _site(self, node: Node, source: Source) -> Site:
        element = node.element
        names = frozenset(prefix or name for prefix, name, _ in node.visible)
        is_open = element.kind == "decision"
        unit = Unit(source, self._types, self._vocabularies[source.namespace], is_open=is_open)
        return Site(unit, element.spot, names)

    def _visible(
        self, element: Element, requires: Requirements, source: Source
    ) -> tuple[tuple[str, str, Key], ...]:
        prefixes = {imported.namespace: prefix for prefix, imported in self._library.imported(source)}
        prefixes[source.namespace] = ""
        found: dict[tuple[str, str], Key] = {}
        for key in (*requires.inputs, *requires.decisions, *requires.knowledge):
            other = self._library.element(key)
            if other is None:
                continue
            place = prefixes[key[0]], other.name
            if place in found:
                source.problems.add("name_twice", element.spot, value=other.name)
            found[place] = key
        return tuple((prefix, name, key) for (prefix, name), key in found.items())

    def _knowledge(self, node: Node, site: Site) -> Function | None:
        """A business knowledge model sees its parameters and the knowledge that it requires, nothing else."""
        logic = dmn_child(node.element.node, "encapsulatedLogic")
        if logic is None:
            site.report("logic_missing")
            return None
        parameters, body = compile_function(logic, site)
        if not isinstance(node.type, FunctionType):
            body = typed(body, node.type, node.element.spot)
        return make_function(
            node.element.name,
            parameters,
            body,
            outer=lambda run: Scope(self._graph.variables(node, {}), None, run),
            spot=node.element.spot,
        )

    def _service(self, node: Node, source: Source) -> Function | None:
        """A decision service makes its decisions from what it is given, and from nothing else."""
        element, requires = node.element, node.requires
        if not requires.outputs:
            source.problems.add("logic_missing", element.spot)
            return None
        if any(key not in self._graph.nodes for key in requires.evaluated):
            return None
        given, graph = requires.inputs, self._graph
        plan = graph.plan(requires.outputs, given)
        for lacking in {key for one in plan for key in graph.nodes[one].requires.inputs} - {*given}:
            source.problems.add("service_open", element.spot, value=self._named(lacking).name)
        made = [graph.nodes[key] for key in plan]
        inputs = [self._named(key) for key in given]
        parameters = [Parameter(one.name, self._type_of(one)) for one in inputs]
        outputs = [(key, graph.nodes[key].element.name) for key in requires.outputs]

        def answer(scope: Scope) -> Value:
            values = {one.key: scope.find(one.name) for one in inputs}
            graph.make(made, values, Scope({}, None, scope.run))
            if len(outputs) == 1:
                return values[outputs[0][0]]
            return {name: values[key] for key, name in outputs}

        return make_function(element.name, parameters, answer, outer=_nothing, spot=element.spot)

    def _named(self, key: Key) -> Element:
        return self._library.sources[key[0]].elements[key[1]]

    def _type_of(self, element: Element) -> Type:
        return self._types.find(element.type_ref, self._library.sources[element.key[0]], element.spot)

    def _refuse(self, requirements: Mapping[Key, Requirements]) -> None:
        """Refuse what is wrong, and what rests on it: no decision is made from a part that was not read."""
        for source in self._library.sources.values():
            errors = [problem for problem in source.problems.found if not problem.is_note]
            of_file = [error for error in errors if error.spot.element_id not in source.elements]
            for element_id, element in source.elements.items():
                own = [error for error in errors if error.spot.element_id == element_id]
                if own or of_file:
                    self._graph.refused[element.key] = own + of_file
        for key in in_order(requirements):
            for needed in (*requirements[key].evaluated, *requirements[key].inputs):
                if needed in self._graph.refused and key not in self._graph.refused:
                    self._graph.refused[key] = self._graph.refused[needed]


def _nothing(run: Run) -> Scope:
    return Scope({}, None, run)


def _members(library: Library) -> frozenset[str]:
    """Return the names of several words that occur in the models, which may be entries of contexts."""
    found = {element.name for _, element in library.elements()}
    for source in library.sources.values():
        for node in source.node.iter():
            if isinstance(node.tag, str) and local_name(node) in _NAMED:
                found.add(text_of(node.get("name")))
    return frozenset(name for name in found if name and not name.isidentifier())
