"""Reads the arrows of a requirements graph: what each element needs, be it there and free of circles."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.dmn.reader import Element, Key, Source, hrefs
from engine.dmn.sources import Library
from engine.ingest.components import strongly_connected

_INPUT: Final = frozenset({"inputData"})
_DECISION: Final = frozenset({"decision"})
_KNOWLEDGE: Final = frozenset({"businessKnowledgeModel", "decisionService"})


@dataclass(frozen=True)
class Requirements:
    """What an element needs, by the keys of other elements."""

    inputs: tuple[Key, ...] = ()
    decisions: tuple[Key, ...] = ()
    knowledge: tuple[Key, ...] = ()
    outputs: tuple[Key, ...] = ()
    """Of a decision service: the decisions that it answers."""
    encapsulated: tuple[Key, ...] = ()
    """Of a decision service: the decisions that it makes on the way."""

    @property
    def evaluated(self) -> tuple[Key, ...]:
        """What has to be evaluated, or be ready to be called, before the element itself."""
        return (*self.decisions, *self.knowledge, *self.outputs, *self.encapsulated)


def read_requirements(library: Library) -> dict[Key, Requirements]:
    """Return what each element needs; arrows that lead nowhere or in a circle are reported."""
    found = {element.key: _read(element, source, library) for source, element in library.elements()}
    _report_circles(found, library)
    return found


def _read(element: Element, source: Source, library: Library) -> Requirements:
    def read(kinds: frozenset[str], *path: str) -> tuple[Key, ...]:
        found = (
            _resolve(href, element, kinds, source=source, library=library)
            for href in hrefs(element.node, *path)
        )
        return tuple(dict.fromkeys(key for key in found if key is not None))

    if element.kind == "decisionService":
        return _read_service(read)
    return Requirements(
        inputs=read(_INPUT, "informationRequirement", "requiredInput"),
        decisions=read(_DECISION, "informationRequirement", "requiredDecision"),
        knowledge=read(_KNOWLEDGE, "knowledgeRequirement", "requiredKnowledge"),
    )


def _read_service(read: Callable[..., tuple[Key, ...]]) -> Requirements:
    return Requirements(
        inputs=(*read(_INPUT, "inputData"), *read(_DECISION, "inputDecision")),
        outputs=read(_DECISION, "outputDecision"),
        encapsulated=read(_DECISION, "encapsulatedDecision"),
    )


def _resolve(
    href: str, element: Element, kinds: frozenset[str], *, source: Source, library: Library
) -> Key | None:
    namespace, _, element_id = href.rpartition("#")
    key = namespace or source.namespace, element_id
    reachable = {source.namespace, *(one.namespace for one in source.imports)}
    found = library.element(key) if key[0] in reachable else None
    if found is None:
        source.problems.add("reference_dangling", element.spot, value=href)
        return None
    if found.kind not in kinds:
        source.problems.add("reference_kind", element.spot, value=href)
        return None
    return key


def _report_circles(requirements: Mapping[Key, Requirements], library: Library) -> None:
    for component in _components(requirements):
        first = component[0]
        if len(component) == 1 and first not in requirements[first].evaluated:
            continue
        elements = [element for key in component if (element := library.element(key)) is not None]
        names = ", ".join(sorted(element.name for element in elements))
        for element in elements:
            source = library.sources[element.key[0]]
            source.problems.add("requirement_cycle", element.spot, value=names)


def _components(requirements: Mapping[Key, Requirements]) -> Iterator[list[Key]]:
    """Return the elements that lead to each other, those that others need first."""
    keys = {"\0".join(key): key for key in requirements}
    graph = {
        text: ["\0".join(needed) for needed in requirements[key].evaluated] for text, key in keys.items()
    }
    for component in strongly_connected(graph):
        yield [keys[text] for text in component]


def in_order(requirements: Mapping[Key, Requirements]) -> list[Key]:
    """Return all elements, each behind those that it needs."""
    return [key for component in _components(requirements) for key in component]
