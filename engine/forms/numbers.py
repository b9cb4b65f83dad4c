"""Numbers as people in Viet Nam write them: 1.500.000,5; the plain 1500000.5 is understood too."""

import re
from decimal import Decimal
from typing import Final

_VIETNAMESE: Final = re.compile(r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?|[+-]?\d+,\d+")
_ENGLISH: Final = re.compile(r"[+-]?\d{1,3}(,\d{3}){2,}(\.\d+)?|[+-]?\d{1,3}(,\d{3})+\.\d+")
_PLAIN: Final = re.compile(r"[+-]?\d+(\.\d+)?|[+-]?\.\d+")
_SPACES: Final = re.compile(r"(?<=\d)[\u0020\u00a0\u202f](?=\d{3}(?!\d))")
_MAX_DIGITS: Final = 34


def read_number(text: str) -> Decimal | None:
    """Return the number that is written, or None.

    ``1.500`` is fifteen hundred and ``1.5`` is one and a half: a point with three digits behind it groups.
    """
    text = _SPACES.sub("", text.strip().replace("−", "-"))
    if not text.isascii() or sum(letter.isdigit() for letter in text) > _MAX_DIGITS:
        return None
    if _VIETNAMESE.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    if _ENGLISH.fullmatch(text):
        return Decimal(text.replace(",", ""))
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def write_number(number: Decimal) -> str:
    """Write a number with points between thousands and a comma before decimals."""
    return f"{number:,f}".translate(str.maketrans(",.", ".,"))


def type_number(number: Decimal) -> str:
    """Write a number for an input field so that ``read_number`` understands the same."""
    return write_number(number)
