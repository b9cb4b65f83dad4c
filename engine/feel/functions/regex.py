"""Regular expressions in linear time: matching, replacing and splitting with RE2."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import re2  # pyright: ignore[reportMissingTypeStubs] -- the package brings none

from engine.feel.functions.registry import built_in
from engine.feel.limits import Run
from engine.feel.values import Value

_library: Final[Any] = re2
_MAX_PATTERN: Final = 1_000
_FLAGS: Final = frozenset("ims")
_CHARACTERS_PER_STEP: Final = 1_000
_STEPS_OF_A_MATCH: Final = 5
_CACHED_PATTERNS: Final = 128
_MEMORY_OF_A_PATTERN: Final = 2_000_000
_SUBTRACTION: Final = re.compile(r"\[[^\]]{0,1000}-\[")
"""``[A-Z-[OI]]``, which RE2 would read as something else."""
_ALL_FLAGS: Final = frozenset("imsxq")


@dataclass(frozen=True)
class Match:
    """Where a pattern matched, and the text of its groups, the whole match first."""

    start: int
    end: int
    groups: tuple[str, ...]


def is_readable(pattern: str, flags: str) -> bool:
    """Whether RE2 knows all that the pattern uses (no look-around, no references back)."""
    return compile_pattern(pattern, flags) is not None


class Pattern:
    """A compiled regular expression; wraps the untyped library."""

    def __init__(self, pattern: str, options: object) -> None:
        self._compiled: Any = _library.compile(pattern, options)
        self.groups: int = self._compiled.groups

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
    if not set(flags) <= _ALL_FLAGS or len(pattern) > _MAX_PATTERN or _SUBTRACTION.search(pattern):
        return None
    if "q" in flags:
        pattern = str(_library.escape(pattern))
    elif "x" in flags:
        pattern = _without_space(pattern)
    options = _library.Options()
    options.log_errors = False
    options.max_mem = _MEMORY_OF_A_PATTERN
    inline = "".join(sorted(_FLAGS & set(flags)))
    try:
        return Pattern(f"(?{inline}){pattern}" if inline else pattern, options)
    except (_library.error, UnicodeError):
        return None


def _without_space(pattern: str) -> str:
    """White space counts only inside ``[...]``."""
    kept: list[str] = []
    is_inside = False
    for character in pattern:
        is_inside = character == "[" or (is_inside and character != "]")
        if is_inside or not character.isspace():
            kept.append(character)
    return "".join(kept)


@built_in("matches", cost=5)
def matches(input_: str, pattern: str, flags: str | None = None) -> Value:
    """Whether the pattern occurs in the text."""
    compiled = compile_pattern(pattern, flags or "")
    return None if compiled is None else compiled.occurs_in(input_)


@built_in("replace", cost=5)
def replace(run: Run, input_: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """Replace every match; ``$1`` stands for what the first group matched."""
    compiled = compile_pattern(pattern, flags or "")
    if compiled is None:
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
    characters = iter(replacement)
    for character in characters:
        if character not in "$\\":
            pieces.append(character)
            continue
        following = next(characters, "")
        if character == "\\" and following and following in "$\\":
            pieces.append(following)
        elif character == "$" and following.isdecimal() and following.isascii():
            pieces.append(int(following) if int(following) <= groups else "")
        else:
            raise ValueError(f"{character}{following} means nothing in a replacement")
    return pieces


@built_in("split", cost=5)
def split(run: Run, string: str, delimiter: str) -> Value:
    """Cut the text at every match."""
    compiled = compile_pattern(delimiter, "")
    if compiled is None:
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
