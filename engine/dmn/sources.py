"""Gathers a model and what it imports, from files that were given together and from nowhere else."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.dmn.reader import NAMESPACES, Element, Import, Key, Source, read
from engine.dmn.spots import WHOLE_FILE
from engine.ingest.components import strongly_connected
from engine.ingest.xml import XmlRefusedError

_MODEL_TYPES: Final = frozenset({*NAMESPACES, ""})


@dataclass(frozen=True)
class Library:
    """A model with everything it imports, by namespace."""

    main: Source
    sources: Mapping[str, Source]

    def element(self, key: Key) -> Element | None:
        """Return the element of this key."""
        source = self.sources.get(key[0])
        return None if source is None else source.elements.get(key[1])

    def elements(self) -> Iterator[tuple[Source, Element]]:
        """Return all elements with the file they stand in."""
        for source in self.sources.values():
            for element in source.elements.values():
                yield source, element

    def imported(self, source: Source) -> Iterator[tuple[str, Source]]:
        """Return the models that ``source`` imports, by the names it gives them."""
        for one in source.imports:
            if one.namespace in self.sources:
                yield one.name, self.sources[one.namespace]


def gather(file: str, content: bytes, beside: Mapping[str, bytes]) -> Library:
    """Return a model with everything it imports, directly or not, out of the files ``beside`` it.

    Raises:
        XmlRefusedError: the model itself is no XML that we read, or no decision model.

    """
    main = read(file, content)
    sources = {main.namespace: main}
    waiting = [main]
    while waiting:
        source = waiting.pop()
        names = [one.name for one in source.imports]
        for one in source.imports:
            if names.count(one.name) > 1:
                source.problems.add("import_twice", WHOLE_FILE, value=one.name)
            if one.namespace in sources or not _is_allowed(one, source):
                continue
            found = _find(one, source, {name: held for name, held in beside.items() if name != file})
            if found is not None:
                sources[one.namespace] = found
                waiting.append(found)
    library = Library(main, sources)
    _check_circles(library)
    return library


def _is_allowed(one: Import, source: Source) -> bool:
    location = one.location.removeprefix("./")
    if one.kind not in _MODEL_TYPES:
        source.problems.add("import_not_dmn", WHOLE_FILE, value=one.kind)
        return False
    if any(mark in location for mark in "/\\:"):
        source.problems.add("import_location", WHOLE_FILE, value=location)
        return False
    return True


def _find(one: Import, importer: Source, beside: Mapping[str, bytes]) -> Source | None:
    """Return the imported model: the file it names, or else the one with its namespace."""
    named = one.location.removeprefix("./")
    candidates = [named] if named in beside else sorted(beside)
    for name in candidates:
        if one.namespace.encode() not in beside[name]:
            continue
        try:
            found = read(name, beside[name])
        except XmlRefusedError:
            importer.problems.add("import_unreadable", WHOLE_FILE, value=name)
            return None
        if found.namespace == one.namespace:
            return found
    importer.problems.add("import_missing", WHOLE_FILE, value=one.location or one.namespace)
    return None


def _check_circles(library: Library) -> None:
    graph = {
        namespace: [one.namespace for one in source.imports if one.namespace in library.sources]
        for namespace, source in library.sources.items()
    }
    for component in strongly_connected(graph):
        if len(component) > 1 or component[0] in graph[component[0]]:
            names = ", ".join(sorted(library.sources[namespace].file for namespace in component))
            for namespace in component:
                library.sources[namespace].problems.add("import_cycle", WHOLE_FILE, value=names)
