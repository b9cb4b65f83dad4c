"""What a browser sent for a form: names of fields, rows of lists, buttons that add and remove rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.forms.model import MAX_ROWS
from engine.forms.readings import MAX_PARTS, Typed
from engine.forms.rows import NEW, ListState

Fields = Mapping[str, Sequence[str]]
Uploads = Mapping[str, Sequence[int]]

SHOWN: Final = ".shown"
"""Marks a field as having been on the page, where a browser sends nothing for an empty one."""
KEPT: Final = ".kept"
"""The ids of files that were handed in before and stay."""
DATE: Final = ".date"
TIME: Final = ".time"
ROWS: Final = ".rows"
"""The numbers of the rows on the page, in order, with an empty text so that no rows are sent as well."""
SEAL: Final = ".seal"
"""What the server had put into a row, as a digest: finds the row again when the list has changed."""
ACTION: Final = "form:action"
"""The name of the buttons that work on the form without handing it in."""

_ROW_NUMBER: Final = re.compile(r"\d{1,5}", re.ASCII)
_MAX_DIGITS: Final = 15


@dataclass(frozen=True)
class Submission:
    """The raw fields of a request or a draft, and the files that were stored for them just now."""

    fields: Fields = field(default_factory=dict[str, Sequence[str]])
    uploads: Uploads = field(default_factory=dict[str, Sequence[int]])

    def has(self, name: str) -> bool:
        """Whether the field was on the page that was sent."""
        return (
            name in self.fields
            or name in self.uploads
            or any(name + ending in self.fields for ending in (SHOWN, KEPT, DATE, TIME))
        )

    def typed(self, name: str) -> Typed:
        """Return what came for one field."""
        kept = [int(text) for text in self._texts(name + KEPT) if _is_number(text)]
        return Typed(
            texts=tuple(self._texts(name)),
            date=self._text(name + DATE),
            time=self._text(name + TIME),
            uploads=(*kept, *self.uploads.get(name, ())),
        )

    def row_numbers(self, name: str) -> list[int] | None:
        """Return the numbers of a list's rows, or None if the list was not on the page."""
        if name + ROWS in self.fields:
            return _row_numbers(self.fields[name + ROWS])
        pattern = re.compile(re.escape(name) + r"\.(\d{1,5})\.", re.ASCII)
        found = [match[1] for key in (*self.fields, *self.uploads) if (match := pattern.match(key))]
        return sorted(_row_numbers(found)) if found else None

    def seal(self, name: str, row: int) -> str:
        """Return the digest of what the server had put into a row."""
        return self._text(f"{name}.{row}{SEAL}")

    def _texts(self, name: str) -> Sequence[str]:
        return self.fields.get(name, ())[:MAX_PARTS]

    def _text(self, name: str) -> str:
        return next(iter(self.fields.get(name, ())), "")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS


def _row_numbers(texts: Sequence[str]) -> list[int]:
    numbers = (int(text) for text in texts[: 2 * MAX_ROWS] if _ROW_NUMBER.fullmatch(text))
    return list(dict.fromkeys(numbers))[:MAX_ROWS]


def with_row_changed(fields: Fields, action: str, lists: Mapping[str, ListState]) -> dict[str, list[str]]:
    """Return the fields after the button ``add:LIST`` or ``remove:LIST.ROW`` was pressed.

    ``lists`` are the lists on the page at this moment. An action that is not possible changes nothing.
    """
    result = {name: list(texts) for name, texts in fields.items() if name != ACTION}
    verb, _, target = action.partition(":")
    name, _, row = (target, "", "") if verb == "add" else target.rpartition(".")
    state = lists.get(name)
    if state is None or not state.may_change:
        return result
    numbers = list(state.numbers)
    if verb == "add" and len(numbers) < state.max_rows:
        result[f"{name}.{state.next_number}{SEAL}"] = [NEW]
        numbers.append(state.next_number)
    elif verb == "remove" and _ROW_NUMBER.fullmatch(row) and int(row) in numbers:
        numbers.remove(int(row))
        result = {key: texts for key, texts in result.items() if not key.startswith(f"{name}.{row}.")}
    result[name + ROWS] = ["", *map(str, numbers)]
    return result
