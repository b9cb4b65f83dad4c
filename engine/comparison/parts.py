"""What the comparisons of forms, tables and texts share: reading JSON, and pairing what has one key."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol, TypeVar, cast

from engine.comparison.facts import Change, Subject, What


class Part(Protocol):
    """A field, a table: something of a file that is known by a key."""

    @property
    def subject(self) -> Subject:
        """What a change of it is about."""
        ...


P = TypeVar("P", bound=Part)


def compare_parts(
    file: str, old: Mapping[str, P], new: Mapping[str, P], changes: Callable[[str, P, P], Iterator[Change]]
) -> Iterator[Change]:
    """Yield what came, what ``changes`` finds in what stayed, and what went; parts are matched by key."""
    for key, part in new.items():
        if key not in old:
            yield Change(file, part.subject, What.ADDED)
        else:
            yield from changes(file, old[key], part)
    for key, part in old.items():
        if key not in new:
            yield Change(file, part.subject, What.REMOVED)


def read_object(content: bytes) -> dict[str, Any]:
    """Return the JSON object in ``content``.

    Raises:
        ValueError: it is none.

    """
    read = json.loads(content)
    if not isinstance(read, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004  # the caller knows one kind of failure
    return cast("dict[str, Any]", read)
