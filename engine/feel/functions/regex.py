"""Regular expressions in linear time: matching, replacing and splitting with RE2."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, Protocol, cast

import re2

from engine.feel.functions.registry import built_in
from engine.feel.limits import Run
from engine.feel.values import Value

_MAX_PATTERN: Final = 1_000
_FLAGS: Final = frozenset("ims")
_ALL_FLAGS: Final = frozenset("imsxq")


class Match(Protocol):
    """What we use of a match of RE2."""

    def group(self, index: int = 0) -> str | None:
        """Return the text of a group."""
        ...

    def span(self) -> tuple[int, int]:
        """Return where the match begins and ends."""
        ...


class Pattern(Protocol):
    """What we use of a pattern of RE2."""

    groups: int

    def search(self, text: str) -> Match | None:
        """Return the first match."""
        ...

    def finditer(self, text: str) -> Iterator[Match]:
        """Return all matches."""
        ...


def is_readable(pattern: str) -> bool:
    """Whether RE2 knows all that the pattern uses (no look-around, no references back)."""
    return compile_pattern(pattern, "") is not None


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str) -> Pattern | None:
    """Return the compiled pattern; None if it, or a flag, is not to be understood."""
    if not set(flags) <= _ALL_FLAGS or len(pattern) > _MAX_PATTERN:
        return None
    if "q" in flags:
        pattern = cast("str", re2.escape(pattern))
    elif "x" in flags:
        pattern = _without_space(pattern)
    options = re2.Options()
    options.log_errors = False
    inline = "".join(sorted(_FLAGS & set(flags)))
    try:
        return cast("Pattern", re2.compile(f"(?{inline}){pattern}" if inline else pattern, options))
    except (re2.error, UnicodeError):
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


@built_in("matches")
def matches(input_: str, pattern: str, flags: str | None = None) -> Value:
    """Whether the pattern occurs in the text."""
    compiled = compile_pattern(pattern, flags or "")
    return None if compiled is None else compiled.search(input_) is not None


@built_in("replace")
def replace(run: Run, input_: str, pattern: str, replacement: str, flags: str | None = None) -> Value:
    """Replace every match; ``$1`` stands for what the first group matched."""
    compiled = compile_pattern(pattern, flags or "")
    if compiled is None:
        return None
    template = [replacement] if "q" in (flags or "") else _template(replacement, compiled.groups)
    parts: list[str] = []
    end = 0
    for match in compiled.finditer(input_):
        start, after = match.span()
        parts.append(input_[end:start])
        parts.extend(piece if isinstance(piece, str) else match.group(piece) or "" for piece in template)
        run.charge(1)
        run.grow(sum(len(part) for part in parts[-len(template) - 1 :]))
        end = after
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


@built_in("split")
def split(run: Run, string: str, delimiter: str) -> Value:
    """Cut the text at every match."""
    compiled = compile_pattern(delimiter, "")
    if compiled is None:
        return None
    parts: list[Value] = []
    end = 0
    for match in compiled.finditer(string):
        run.charge(1)
        start, after = match.span()
        parts.append(string[end:start])
        end = after
    return [*parts, string[end:]]


@built_in("extract")
def extract(run: Run, string: str, pattern: str) -> Value:
    """Return the text of every match."""
    compiled = compile_pattern(pattern, "")
    if compiled is None:
        return None
    found: list[Value] = []
    for match in compiled.finditer(string):
        run.charge(1)
        found.append(match.group())
    return found
