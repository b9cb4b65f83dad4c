"""Types as they are written, and which of them conform to which (DMN 1.5, 10.3.2.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Type:
    """A type with what it is made of: ``list<number>``, ``context<a: string>``, ``function<A, B> -> C``."""

    name: str
    members: tuple[tuple[str, "Type"], ...] = ()
    """Of a context its entries, of a function its parameters; of a list or range one without a name."""
    result: "Type | None" = None
    """What a function gives; without it nothing is said, or known, of the function."""


ANY: Final = Type("Any")
ANY_FUNCTION: Final = Type("function")
SIMPLE_TYPES: Final = frozenset(
    {"Any", "Null", "number", "string", "boolean", "date", "time", "date and time"}
    | {"days and time duration", "years and months duration", "day time duration", "year month duration"}
    | {"list", "context", "range", "function"}
)
"""The types that FEEL brings; all others are declared by a decision model."""
SAME: Final[Mapping[str, str]] = {
    "day time duration": "days and time duration",
    "year month duration": "years and months duration",
}
"""Older names of types."""


def conforms(given: Type, wanted: Type) -> bool:
    """Whether every value of one type is a value of the other."""
    if wanted.name == "Any" or given.name == "Null":
        return True
    if given.name != wanted.name:
        return False
    if given.name == "function":
        return _is_function_like(given, wanted)
    if given.name == "context":
        entries = dict(given.members)
        return all(key in entries and conforms(entries[key], member) for key, member in wanted.members)
    if not wanted.members:
        return True
    return bool(given.members) and conforms(given.members[0][1], wanted.members[0][1])


def _is_function_like(given: Type, wanted: Type) -> bool:
    """Take at least the parameters that are wanted, and give no more than is wanted."""
    if wanted.result is None or given.result is None:
        return wanted.result is None
    if len(given.members) != len(wanted.members):
        return False
    takes = all(
        conforms(other, own) for (_, own), (_, other) in zip(given.members, wanted.members, strict=True)
    )
    return takes and conforms(given.result, wanted.result)
