"""Functions of regular expressions, in linear time: matching, replacing and splitting with RE2."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import re2  # pyright: ignore[reportMissingTypeStubs] -- the package brings none

from engine.feel.functions.patterns import Piece, translate
from engine.feel.functions.registry import built_in
from engine.feel.limits import Run
from engine.feel.values import Value

_library: Final[Any] = re2
_STEPS_OF_A_MATCH: Final = 5
_STEPS_PER_WEIGHT: Final = 2
"""What it costs to compile a pattern, once in each run."""
_WEIGHT_OF_A_SEARCH: Final = 10
_WEIGHT_PER_STEP: Final = 2_000
_CACHED_PATTERNS: Final = 128
_MEMORY_OF_A_PATTERN: Final = 8_000_000
_SPECIAL: Final = re.compile(r"\\(?P<escaped>[$\\])|\$(?P<digits>[0-9]{1,9})|[$\\]")
"""What is no plain text in a replacement."""


@dataclass(frozen=True)
class Match:
    """Where a pattern matched, and the text of its groups, the whole match first."""

    start: int
    end: int
    groups: tuple[str, ...]


def refusal(pattern: str, flags: str) -> str | None:
    """Return why a pattern cannot be used, or None if it can."""
    try:
        translate(pattern, flags)
    except ValueError as error:
        return str(error)
    return None


class Pattern:
    """A compiled regular expression; wraps the untyped library."""

    def __init__(self, piece: Piece, options: object) -> None:
        self._compiled: Any = _library.compile(piece.text, options)
        self._weight = piece.weight
        self.groups: int = self._compiled.groups

    @property
    def is_found_in_nothing(self) -> bool:
        """Whether it matches where there is nothing, so that it tells no places apart."""
        return self._compiled.search("") is not None

    def occurs_in(self, text: str, run: Run) -> bool:
        """Whether there is a match.

        Raises:
            FeelLimitError: the text is too long for this pattern.

        """
        self._charge(len(text), run)
        return self._compiled.search(text) is not None

    def occurrences(self, text: str, run: Run) -> Iterator[Match]:
        """Give all matches; each may have looked at the rest of the text, and is charged for it.

        Raises:
            FeelLimitError: there are too many.

        """
        self._charge(len(text), run)
        for match in self._compiled.finditer(text):
            start, end = match.span()
            self._charge(len(text) - start, run)
            yield Match(start, end, (match.group(), *match.groups("")))

    def _charge(self, characters: int, run: Run) -> None:
        """At worst each character is held against every range of the pattern."""
        run.charge(_STEPS_OF_A_MATCH + characters * (_WEIGHT_OF_A_SEARCH + self._weight) // _WEIGHT_PER_STEP)


def use_pattern(run: Run, pattern: str, flags: str | None) -> Pattern | None:
    """Return the compiled pattern; None if it, or a flag, is not to be understood.

    Raises:
        FeelLimitError: the run has compiled too much.

    """
    key = pattern, flags or ""
    if key not in run.patterns:
        run.charge(len(pattern))
    try:
        piece = translate(*key)
    except ValueError:
        return None
    if key not in run.patterns:
        run.charge(_STEPS_PER_WEIGHT * piece.weight)
        run.patterns.add(key)
    return _compiled(piece)


@lru_cache(maxsize=_CACHED_PATTERNS)
def _compiled(piece: Piece) -> Pattern | None:
    options = _library.Options()
    options.log_errors = False
    options.max_mem = _MEMORY_OF_A_PATTERN
    try:
        return Pattern(piece, options)
    except (_library.error, UnicodeError):
        return None


@built_in("matches", cost=5)
def matches(run: Run, input_: str, pattern: str, flags: str | None = None) -> Value:
    """Whether the pattern occurs in the text."""
    compiled = use_pattern(run, pattern, flags)
    return None if compiled is None else compiled.occurs_in(input_, run)


@built_in("replace", cost=5)
def replace(run: Run, input_: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """Replace every match; ``$1`` stands for what the first group matched."""
    compiled = use_pattern(run, pattern, flags)
    if compiled is None or compiled.is_found_in_nothing:
        return None
    template = [replacement] if "q" in (flags or "") else _template(replacement, compiled.groups)
    parts: list[str] = []
    end = 0
    for match in compiled.occurrences(input_, run):
        put_in = "".join(piece if isinstance(piece, str) else match.groups[piece] for piece in template)
        run.grow(len(put_in))
        parts += input_[end : match.start], put_in
        end = match.end
    return "".join([*parts, input_[end:]])


def _template(replacement: str, groups: int) -> list[str | int]:
    """Cut a replacement into text and numbers of groups; a backslash takes the meaning from a dollar sign.

    Raises:
        ValueError: a dollar sign or backslash stands alone.

    """
    pieces: list[str | int] = []
    end = 0
    for match in _SPECIAL.finditer(replacement):
        pieces.append(replacement[end : match.start()])
        end = match.end()
        if match["escaped"]:
            pieces.append(match["escaped"])
        elif match["digits"]:
            pieces += _group(match["digits"], groups)
        else:
            raise ValueError(f"{match.group()} means nothing in a replacement")
    return [*pieces, replacement[end:]]


def _group(digits: str, groups: int) -> list[str | int]:
    """Return the number of a group, the longest that there is; digits behind it are text."""
    length = len(digits)
    while length > 1 and int(digits[:length]) > groups:
        length -= 1
    number = int(digits[:length])
    return [number if number <= groups else "", digits[length:]]


@built_in("split", cost=5)
def split(run: Run, string: str, delimiter: str) -> Value:
    """Cut the text at every match."""
    compiled = use_pattern(run, delimiter, None)
    if compiled is None or compiled.is_found_in_nothing:
        return None
    parts: list[Value] = []
    end = 0
    for match in compiled.occurrences(string, run):
        parts.append(string[end : match.start])
        end = match.end
    return [*parts, string[end:]]


@built_in("extract", cost=5)
def extract(run: Run, string: str, pattern: str) -> Value:
    """Return the text of every match."""
    compiled = use_pattern(run, pattern, None)
    return None if compiled is None else [match.groups[0] for match in compiled.occurrences(string, run)]
