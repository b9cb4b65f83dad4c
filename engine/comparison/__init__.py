"""Compares two versions of a definition: what an administrator changed, as facts.

Pure: two mappings of files in, one ``Comparison`` out. Files that cannot be read are compared as bytes, so
that a draft full of errors can be compared too.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from engine.comparison import diagrams, forms, tables, texts
from engine.comparison.facts import Change, Comparison, Side, Subject, SubjectKind, Weight, What
from engine.errors import InvalidInputError

__all__ = ["Change", "Comparison", "Side", "Subject", "SubjectKind", "Weight", "What", "compare"]

_Reader = Callable[[str, bytes, bytes], Iterator[Change]]
_READERS: Final[Mapping[str, _Reader]] = {
    "bpmn": diagrams.compare,
    "form": forms.compare,
    "dmn": tables.compare,
    "text": texts.compare,
}


def compare(old_files: Mapping[str, bytes], new_files: Mapping[str, bytes]) -> Comparison:
    """Return what differs between the files of two versions; diagrams first, then by name."""
    changes: list[Change] = []
    redrawn: set[str] = set()
    for file in sorted(old_files.keys() | new_files.keys(), key=_diagrams_first):
        old, new = old_files.get(file), new_files.get(file)
        if old == new:
            continue
        if old is None or new is None:
            changes.append(Change(file, Subject("file", file), What.REMOVED if new is None else What.ADDED))
        elif file.endswith(".bpmn") and _is_same_but_drawn(old, new):
            redrawn.add(file)
        else:
            changes += _compare_file(file, old, new)
    return Comparison(tuple(changes), frozenset(redrawn))


def _diagrams_first(file: str) -> tuple[bool, str]:
    return not file.endswith(".bpmn"), file


def _compare_file(file: str, old: bytes, new: bytes) -> list[Change]:
    try:
        found = list(_READERS[file.rpartition(".")[2]](file, old, new))
    except (InvalidInputError, ValueError, KeyError, RecursionError):
        return [Change(file, Subject("file", file), What.UNREADABLE)]
    # Better an unspecific word than silence about what nobody here knows to read.
    return found or [Change(file, Subject("file", file), What.OTHER)]


def _is_same_but_drawn(old: bytes, new: bytes) -> bool:
    try:
        return diagrams.without_drawing(old) == diagrams.without_drawing(new)
    except InvalidInputError:
        return False
