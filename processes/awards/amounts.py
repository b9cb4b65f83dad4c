"""Writes whole numbers as Vietnamese documents do: in figures with dots, and in words."""

from typing import Final

_DIGITS: Final = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_GROUPS: Final = ("", "nghìn", "triệu")
_THOUSAND: Final = 1000
_BILLION: Final = 10**9


def dotted(number: int) -> str:
    """Return the number with dots between thousands: 1.265.000."""
    return f"{number:,}".replace(",", ".")


def in_words(number: int) -> str:
    """Return a number that is not negative in words: ``một triệu hai trăm sáu mươi lăm nghìn``."""
    if number == 0:
        return _DIGITS[0]
    billions, rest = divmod(number, _BILLION)
    parts = [f"{in_words(billions)} tỷ"] if billions else []
    for power in (2, 1, 0):
        group = rest // _THOUSAND**power % _THOUSAND
        if group:
            parts.append(f"{_below_thousand(group, is_first=not parts)} {_GROUPS[power]}".strip())
    return " ".join(parts)


def _below_thousand(number: int, *, is_first: bool) -> str:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    parts = [f"{_DIGITS[hundreds]} trăm"] if hundreds or not is_first else []
    if tens == 0:
        if ones:
            parts.append(f"linh {_DIGITS[ones]}" if parts else _DIGITS[ones])
        return " ".join(parts)
    parts.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
    if ones:
        parts.append(_last_digit(tens, ones))
    return " ".join(parts)


def _last_digit(tens: int, ones: int) -> str:
    five = 5
    if ones == five:
        return "lăm"
    return "mốt" if ones == 1 and tens > 1 else _DIGITS[ones]
