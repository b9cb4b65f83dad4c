"""Translates the regular expressions of XPath into those of RE2, which matches in linear time.

What a pattern means is defined by XML Schema (part 2, appendix G) and XPath (Functions and Operators, 5.6.1).
Everything they do not define is refused, and so are references back, which no linear matcher has.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from engine.feel.functions.character_classes import (
    NAMED,
    CharacterSet,
    complement,
    difference,
    of_category,
    of_ranges,
    union,
)

_FLAGS: Final = frozenset("smixq")
_SPACE: Final = "\t\n\r "
_CONTROLS: Final = {"n": "\n", "r": "\r", "t": "\t"}
_ESCAPED: Final = frozenset("\\|.?*+(){}-[]^$")
_NOT_NORMAL: Final = frozenset("?*+{}()|[]")
_QUANTIFIER: Final = re.compile(r"(?:[?*+]|\{(?P<least>[0-9]{1,4})(?:,(?P<most>[0-9]{0,4}))?\})\??")
_CATEGORY: Final = re.compile(r"\{([^}]*)\}")
_MAX_NESTING: Final = 50
_MAX_CHARACTERS: Final = 1_000
_MAX_WEIGHT: Final = 60_000
_MAX_REPETITIONS: Final = 1_000
"""RE2 repeats nothing more often, with all repetitions around it."""
_NOTHING: Final = r"[^\x{0}-\x{10FFFF}]"


class Piece(NamedTuple):
    """A part of a pattern as RE2 writes it."""

    text: str
    weight: int
    """How many ranges of characters a match may look at, about: what it costs to compile and to run."""
    repetitions: int = 1
    """How often RE2 would write out its parts."""


@lru_cache(maxsize=128)
def translate(pattern: str, flags: str) -> Piece:
    """Return a pattern of RE2 that means what the pattern and its flags mean in XPath.

    Raises:
        ValueError: it is none, it refers back, or it is too big.

    """
    if not set(flags) <= _FLAGS:
        raise ValueError(f"there are only the flags {sorted(_FLAGS)}")
    if len(pattern) > _MAX_CHARACTERS:
        raise ValueError(f"a pattern has at most {_MAX_CHARACTERS} characters")
    start = "(?i)" if "i" in flags else ""
    if "q" in flags:
        return Piece(start + "".join(map(_escaped, pattern)), len(pattern))
    reader = _Reader(_without_space(pattern) if "x" in flags else pattern, flags)
    translated = reader.alternatives()
    if reader.rest():
        raise ValueError("a bracket is closed that was not opened")
    return _within_bounds(translated._replace(text=start + translated.text))


def _within_bounds(piece: Piece) -> Piece:
    if piece.weight > _MAX_WEIGHT or piece.repetitions > _MAX_REPETITIONS:
        raise ValueError("the pattern repeats too much")
    return piece


def _escaped(character: str) -> str:
    return character if character.isalnum() else rf"\x{{{ord(character):X}}}"


def _literal(character: str) -> Piece:
    return Piece(_escaped(character), 1)


def _without_space(pattern: str) -> str:
    """White space counts only inside ``[...]``."""
    kept: list[str] = []
    depth, is_escaped = 0, False
    for character in pattern:
        if character in _SPACE and not depth:
            continue
        kept.append(character)
        if not is_escaped:
            depth += (character == "[") - (character == "]")
        is_escaped = character == "\\" and not is_escaped
    return "".join(kept)


class _Reader:
    """A place in a pattern; each method translates what stands there and steps behind it."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._pattern = pattern
        self._position = 0
        self._depth = 0
        self._ignores_case = "i" in flags
        self._special = {
            ".": r"[\x{0}-\x{10FFFF}]" if "s" in flags else r"[^\n\r]",
            "^": "(?m:^)" if "m" in flags else "^",
            "$": "(?m:$)" if "m" in flags else "$",
        }
        self._atoms: dict[str, Callable[[], Piece]] = {
            "(": self._group,
            "[": self._class,
            "\\": self._escape,
        }

    def rest(self) -> str:
        return self._pattern[self._position :]

    def alternatives(self) -> Piece:
        parts = [self._branch()]
        while self._accept("|"):
            parts.append(self._branch())
        return _joined("|", parts)

    def _peek(self) -> str:
        return self._pattern[self._position : self._position + 1]

    def _take(self) -> str:
        character = self._peek()
        if not character:
            raise ValueError("the pattern ends too early")
        self._position += 1
        return character

    def _accept(self, text: str) -> bool:
        if not self._pattern.startswith(text, self._position):
            return False
        self._position += len(text)
        return True

    def _branch(self) -> Piece:
        pieces: list[Piece] = []
        while (character := self._peek()) and character not in "|)":
            pieces.append(self._repeated(self._atom()))
        return _joined("", pieces)

    def _atom(self) -> Piece:
        character = self._take()
        if character in self._special:
            return Piece(self._special[character], 2)
        if character in self._atoms:
            return self._atoms[character]()
        if character in _NOT_NORMAL:
            raise ValueError(f"{character} needs a backslash")
        return _literal(character)

    def _repeated(self, piece: Piece) -> Piece:
        """``?``, ``*``, ``+``, ``{2}``, ``{2,}`` or ``{2,3}``, with a ``?`` behind it if it is reluctant."""
        found = _QUANTIFIER.match(self._pattern, self._position)
        if found is None:
            return piece
        self._position = found.end()
        least, most = int(found["least"] or 1), int(found["most"] or found["least"] or 1)
        if least > most:
            raise ValueError(f"{least} repetitions are more than {most}")
        return _within_bounds(
            Piece(piece.text + found.group(), piece.weight * max(most, 1), piece.repetitions * max(most, 1))
        )

    def _group(self) -> Piece:
        self._enter()
        opening = "(?:" if self._accept("?:") else "("
        inside = self.alternatives()
        if not self._accept(")"):
            raise ValueError("a bracket is not closed")
        self._depth -= 1
        return inside._replace(text=f"{opening}{inside.text})")

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > _MAX_NESTING:
            raise ValueError(f"brackets are nested at most {_MAX_NESTING} levels deep")

    def _escape(self) -> Piece:
        named = self._named()
        if named is None:
            return _literal(self._escaped())
        return Piece(f"(?-i:[{named.text}])" if named.is_cased else f"[{named.text}]", named.weight)

    def _named(self) -> CharacterSet | None:
        """The set that stands behind a backslash; None if a single character does."""
        character = self._peek()
        if character and character in "pP":
            found = _CATEGORY.match(self._pattern, self._position + 1)
            if found is None:
                raise ValueError("a category stands in {}")
            self._position = found.end()
            return of_category(found[1], is_negated=character == "P")
        if character in NAMED:
            self._position += 1
            return NAMED[character]
        return None

    def _escaped(self) -> str:
        character = self._take()
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character not in _ESCAPED:
            raise ValueError(f"\\{character} means nothing")
        return character

    def _class(self) -> Piece:
        found, is_negated = self._class_content()
        if found is None:
            return Piece(_NOTHING, 1)
        if found.is_cased and self._ignores_case:
            raise ValueError("a category of one case cannot stand in [...] where case does not count")
        return Piece(f"[{'^' if is_negated else ''}{found.text}]", found.weight)

    def _class_content(self) -> tuple[CharacterSet | None, bool]:
        """Return the set between brackets, or None if it is empty, and whether all others are meant."""
        self._enter()
        is_negated = self._accept("^")
        parts = [self._class_part(is_first=True)]
        while self._peek() != "]" and not self._pattern.startswith("-[", self._position):
            parts.append(self._class_part(is_first=False))
        found = CharacterSet(
            "".join(part.text for part in parts),
            lambda: parts[0].ranges() if len(parts) == 1 else union(part.ranges() for part in parts),
            sum(part.weight for part in parts),
            any(part.is_cased for part in parts),
        )
        if self._accept("-["):
            ranges = difference(_ranges(found, is_negated), _ranges(*self._class_content()))
            found, is_negated = of_ranges(ranges), False
        if not self._accept("]"):
            raise ValueError("a class of characters is not closed")
        self._depth -= 1
        return (found if found.text else None), is_negated

    def _class_part(self, *, is_first: bool) -> CharacterSet:
        """One character, a range of them, or a set that has a name."""
        if self._accept("\\"):
            if named := self._named():
                return named
            low = self._escaped()
        else:
            low = self._plain(is_first=is_first)
        following = self._pattern[self._position : self._position + 2]
        if not following.startswith("-") or following in ("-]", "-["):
            return of_ranges(((ord(low), ord(low)),))
        self._position += 1
        high = self._escaped() if self._accept("\\") else self._plain(is_first=False)
        if high < low:
            raise ValueError(f"the range {low}-{high} is empty")
        return of_ranges(((ord(low), ord(high)),))

    def _plain(self, *, is_first: bool) -> str:
        character = self._take()
        is_misplaced = character == "-" and not is_first and self._peek() != "]"
        if character in "[]" or is_misplaced:
            raise ValueError(f"{character} needs a backslash")
        return character


def _joined(by: str, pieces: list[Piece]) -> Piece:
    return Piece(
        by.join(piece.text for piece in pieces),
        sum(piece.weight for piece in pieces),
        max((piece.repetitions for piece in pieces), default=1),
    )


def _ranges(found: CharacterSet | None, is_negated: bool) -> tuple[tuple[int, int], ...]:
    ranges = found.ranges() if found else ()
    return complement(ranges) if is_negated else ranges
