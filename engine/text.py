"""Vietnamese text: one normal form, search without marks, names sorted by given name, and masks for logs."""

import re
import unicodedata
from typing import Final

_LETTERS: Final = "0123456789aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK: Final = {letter: f"{number:02x}" for number, letter in enumerate(_LETTERS, start=2)}
_OTHER: Final = "01"
_TONES: Final = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
"""Huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries; no mark comes first."""
_LOG_LIMIT: Final = 300
_PART: Final = r"[^\s\"<>(),;:@\x7f-\U0010ffff]"
_ADDRESS: Final = re.compile(rf"{_PART}{{1,64}}@{_PART}{{1,180}}\.{_PART}{{2,60}}")


def nfc(text: str) -> str:
    """Return ``text`` in the one normal form that is stored and compared."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return ``text`` for searching: lower case, without marks, đ as d, single spaces.

    Written into ``search_text`` columns and applied to what is searched for, so that "nguyen duc" finds
    "Nguyễn Đức" on every database.
    """
    plain = text.replace("đ", "d").replace("Đ", "D").replace("\u00d0", "D")
    marks_apart = unicodedata.normalize("NFD", plain)
    letters = "".join(letter for letter in marks_apart if not unicodedata.combining(letter))
    return " ".join(letters.lower().split())


def escape_like(text: str) -> str:
    r"""Return folded ``text`` for the middle of a LIKE pattern with ``\`` as its escape character."""
    return re.sub(r"([\\%_])", r"\\\1", fold(text))


def sort_key(full_name: str) -> str:
    """Return what a list of people is ordered by: given name first, then family and middle names.

    Hexadecimal digits and spaces of one width only, so that every database and collation orders it alike.
    """
    words = nfc(full_name).lower().split()
    ordered = words[-1:] + words[:-1]
    return "".join(_word_key(word) for word in ordered)


def _word_key(word: str) -> str:
    ranks, tones = "", ""
    for letter in word:
        base, tone = _split_tone(letter)
        ranks += _RANK.get(base, _OTHER)
        tones += tone
    return f"{ranks}00{tones}0"


def _split_tone(letter: str) -> tuple[str, str]:
    """Return the letter without its tone, and the tone's rank; unknown marks fall away."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in parts if mark in _TONES), "0")
    base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
    return (base if base in _RANK else parts[0]), tone


def one_line(text: str, limit: int = _LOG_LIMIT) -> str:
    """Return ``text`` fit for one line of a log or a list: no control characters, no more than ``limit``."""
    clean = "".join(" " if unicodedata.category(letter)[0] == "C" else letter for letter in text[: limit * 2])
    line = " ".join(clean.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def is_mail_address(text: str) -> bool:
    """Whether a mail server could take ``text`` as an address: no marks, one @, a dot in what follows it."""
    return _ADDRESS.fullmatch(text) is not None and ".." not in text.partition("@")[2]


def mask_address(address: str) -> str:
    """Return an e-mail address for logs: enough to recognise, not enough to write to."""
    name, _, domain = one_line(address).partition("@")
    return f"{name[:1]}***@{domain}" if domain else "***"
