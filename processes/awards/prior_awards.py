"""Reads what units declare of earlier awards: one a line, as ``name; years; number of the decision``."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.text import fold

_YEARS: Final = re.compile(r"\b((?:19|20)\d\d)\b(?:\s*[-–]\s*((?:19|20)\d\d)\b)?")
_DECISION: Final = re.compile(r"\b(?:QĐ|quyết định|số)\b.*", re.IGNORECASE | re.DOTALL)
_NOT_THE_NAME: Final = re.compile(
    r"^(?:(?:đạt|được|tặng|danh hiệu)\s+)+|[\s,;:(–-]*(?:năm|các năm)?[\s,;:(–-]*$", re.IGNORECASE
)
MAX_YEARS: Final = 60


@dataclass(frozen=True)
class DeclaredAward:
    """One award of one year, as the unit wrote it."""

    slug: str
    """The award of the catalogue; empty where no name of it fits."""
    name: str
    year: int
    decision: str


def read_line(line: str, names: Mapping[str, str]) -> list[DeclaredAward]:
    """Return what a line declares, one entry a year; nothing where it names no award or no year.

    ``names`` are folded names of awards -> slugs. A range of years stands for all of them.
    """
    before, _, behind = line.partition(";")
    years_in, _, decision = behind.partition(";") if behind else ("", "", "")
    if not behind:
        found = _DECISION.search(before)
        decision = found.group() if found else ""
        before = before[: found.start()] if found else before
    first = _YEARS.search(before)
    decision = behind if first and behind else decision
    years = sorted(set(_years(before if first else years_in)))
    name = _NOT_THE_NAME.sub("", before[: first.start()] if first else before).strip()
    slug = names.get(fold(name), "")
    return [DeclaredAward(slug, name, year, decision.strip(" );.")) for year in years] if name else []


def read_declared(text: str, names: Mapping[str, str]) -> list[DeclaredAward]:
    """Return everything a text of lines declares, in its order."""
    return [award for line in text.splitlines() if line.strip() for award in read_line(line, names)]


def unreadable_lines(text: str, today: date) -> list[str]:
    """Return the lines that name no award or no year, or a year to come."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return [line for line in lines if not _is_readable(line, today.year)]


def _is_readable(line: str, latest: int) -> bool:
    found = read_line(line, {})
    return bool(found) and all(award.year <= latest for award in found)


def _years(text: str) -> Iterator[int]:
    for found in _YEARS.finditer(text):
        first, last = int(found[1]), int(found[2] or found[1])
        yield from range(first, min(last, first + MAX_YEARS) + 1)
