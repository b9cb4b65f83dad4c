"""Functions of regular expressions, in linear time: matching, replacing and splitting with RE2."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import re2  # pyright: ignore[reportMissingTypeStubs] -- the package brings none

from engine.feel.functions.patterns import translate
from engine.feel.functions.registry import built_in
from engine.feel.limits import Run
from engine.feel.values import Value

_library: Final[Any] = re2
_MAX_PATTERN: Final = 1_000
_CHARACTERS_PER_STEP: Final = 1_000
_STEPS_OF_A_MATCH: Final = 5
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
    return None if compile_pattern(pattern, flags) else "it is too big"


class Pattern:
    """A compiled regular expression; wraps the untyped library."""

    def __init__(self, pattern: str, options: object) -> None:
        self._compiled: Any = _library.compile(pattern, options)
        self.groups: int = self._compiled.groups

    @property
    def is_found_in_nothing(self) -> bool:
        """Whether it matches where there is nothing, so that it tells no places apart."""
        return self.occurs_in("")

    def occurs_in(self, text: str) -> bool:
        """Whether there is a match."""
        return self._compiled.search(text) is not None

    def occurrences(self, text: str, run: Run) -> Iterator[Match]:
        """Give all matches; each may have looked at the rest of the text, and is charged for it.

        Raises:
            FeelLimitError: there are too many.

        """
        for match in self._compiled.finditer(text):
            start, end = match.span()
            run.charge(_STEPS_OF_A_MATCH + (len(text) - start) // _CHARACTERS_PER_STEP)
            yield Match(start, end, (match.group(), *match.groups("")))


@lru_cache(maxsize=_CACHED_PATTERNS)
def compile_pattern(pattern: str, flags: str) -> Pattern | None:
    """Return the compiled pattern; None if it, or a flag, is not to be understood."""
    if len(pattern) > _MAX_PATTERN:
        return None
    options = _library.Options()
    options.log_errors = False
    options.max_mem = _MEMORY_OF_A_PATTERN
    try:
        return Pattern(translate(pattern, flags), options)
    except (_library.error, ValueError):
        return None


@built_in("matches", cost=5)
def matches(input_: str, pattern: str, flags: str | None = None) -> Value:
    """Whether the pattern occurs in the text."""
    compiled = compile_pattern(pattern, flags or "")
    return None if compiled is None else compiled.occurs_in(input_)


@built_in("replace", cost=5)
def replace(run: Run, input_: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """Replace every match; ``$1`` stands for what the first group matched."""
    compiled = compile_pattern(pattern, flags or "")
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
    compiled = compile_pattern(delimiter, "")
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
    compiled = compile_pattern(pattern, "")
    return None if compiled is None else [match.groups[0] for match in compiled.occurrences(string, run)]
