"""Sets of characters in regular expressions: as RE2 writes them, and as ranges where they are subtracted."""

import sys
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

Ranges = tuple[tuple[int, int], ...]

_MINOR: Final = {"L": "ultmo", "M": "nce", "N": "dlo", "P": "cdseifo", "Z": "slp", "S": "mcko", "C": "cfo"}
_CATEGORIES: Final = {*_MINOR, *(major + minor for major, minors in _MINOR.items() for minor in minors)}
CASED: Final = frozenset({"Lu", "Ll", "Lt"})
"""The categories that ask for a case, whatever the flags say."""
_WEIGHT_OF_A_CATEGORY: Final = 650
_BLOCKS: Final[dict[str, tuple[int, int]]] = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "SpacingModifierLetters": (0x02B0, 0x02FF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7AF),
}
_SPACE: Final[Ranges] = ((0x09, 0x0A), (0x0D, 0x0D), (0x20, 0x20))
_NAME_START: Final[Ranges] = (
    *((0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF)),
    *((0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF)),
    *((0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF)),
)
_NAME: Final[Ranges] = (
    *((0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040)),
    *_NAME_START,
)


@dataclass(frozen=True)
class CharacterSet:
    """Some characters; ``text`` is what stands for them between the brackets of RE2."""

    text: str
    ranges: Callable[[], Ranges]
    weight: int
    """How many ranges these are, about."""
    is_cased: bool = False


def of_ranges(ranges: Ranges) -> CharacterSet:
    """Return the set of all characters in these ranges of code points."""
    text = "".join(_char(low) if low == high else f"{_char(low)}-{_char(high)}" for low, high in ranges)
    return CharacterSet(text, lambda: ranges, len(ranges))


def _char(code: int) -> str:
    return rf"\x{{{code:X}}}"


def of_category(name: str, *, is_negated: bool) -> CharacterSet:
    r"""Return the set that ``\p{name}`` stands for.

    Raises:
        ValueError: there is no such category or block.

    """
    if name.startswith("Is") and name[2:] in _BLOCKS:
        block = (_BLOCKS[name[2:]],)
        return of_ranges(complement(block) if is_negated else block)
    if name not in _CATEGORIES:
        raise ValueError(f"there is no category {name}")

    def ranges() -> Ranges:
        found = _ranges_of(name)
        return complement(found) if is_negated else found

    text = rf"\{'P' if is_negated else 'p'}{{{name}}}"
    return CharacterSet(text, ranges, _WEIGHT_OF_A_CATEGORY, name in CASED)


def _categories(text: str, names: str) -> CharacterSet:
    return CharacterSet(text, lambda: _ranges_of(*names), _WEIGHT_OF_A_CATEGORY)


NAMED: Final[dict[str, CharacterSet]] = {
    "s": of_ranges(_SPACE),
    "d": of_category("Nd", is_negated=False),
    "D": of_category("Nd", is_negated=True),
    "w": _categories(r"\p{L}\p{M}\p{N}\p{S}", "LMNS"),
    "W": _categories(r"\p{P}\p{Z}\p{C}", "PZC"),
    "i": of_ranges(_NAME_START),
    "c": of_ranges(_NAME),
}
r"""What ``\s`` and the like stand for in XML Schema, where letters and digits are those of all scripts."""


def union(parts: Iterable[Ranges]) -> Ranges:
    """Return what is in any of them, in order."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(pair for ranges in parts for pair in ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = joined[-1][0], max(high, joined[-1][1])
        else:
            joined.append((low, high))
    return tuple(joined)


def complement(ranges: Ranges) -> Ranges:
    """Return all that is in none of them."""
    return difference(((0, sys.maxunicode),), union([ranges]))


def difference(ranges: Ranges, taken: Ranges) -> Ranges:
    """Return what is in the first and not in the second; both are in order."""
    result: list[tuple[int, int]] = []
    at = 0
    for low, high in ranges:
        start = low
        while at < len(taken) and taken[at][1] < start:
            at += 1
        place = at
        while place < len(taken) and taken[place][0] <= high:
            if start < taken[place][0]:
                result.append((start, taken[place][0] - 1))
            start = taken[place][1] + 1
            place += 1
        if start <= high:
            result.append((start, high))
    return tuple(result)


NAMED.update({name.upper(): of_ranges(complement(NAMED[name].ranges())) for name in "sic"})


@lru_cache(maxsize=64)
def _ranges_of(*categories: str) -> Ranges:
    return union(ranges for name, ranges in _ranges_by_category().items() if name.startswith(categories))


@lru_cache(maxsize=1)
def _ranges_by_category() -> dict[str, Ranges]:
    """Look at every character there is, once, which takes a third of a second."""
    found: dict[str, list[tuple[int, int]]] = {}
    for name, codes in groupby(range(sys.maxunicode + 1), lambda code: unicodedata.category(chr(code))):
        first, *others = codes
        found.setdefault(name, []).append((first, others[-1] if others else first))
    return {name: tuple(ranges) for name, ranges in found.items()}
