"""Reads answers and variables, which FEEL gives as decimals, texts, lists and contexts."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal

from engine.clock import CITY_ZONE
from engine.feel import Value, to_feel
from engine.text import nfc


def text_of(values: Mapping[str, Value], name: str) -> str:
    """Return a text, trimmed and NFC; empty where there is none."""
    value = values.get(name)
    return nfc(value).strip() if isinstance(value, str) else ""


def flag_of(values: Mapping[str, Value], name: str) -> bool:
    """Whether the value is true."""
    return values.get(name) is True


def whole_of(values: Mapping[str, Value], name: str) -> int | None:
    """Return a whole number, given as number or as text of digits (as options are)."""
    value = values.get(name)
    if isinstance(value, bool):
        return None
    if isinstance(value, Decimal | int):
        return int(value)
    return int(value) if isinstance(value, str) and value.isdecimal() else None


def rows_of(values: Mapping[str, Value], name: str) -> Iterator[Mapping[str, Value]]:
    """Yield the contexts of a list."""
    value = values.get(name)
    for row in value if isinstance(value, list) else []:
        if isinstance(row, dict):
            yield row


def wholes_of(values: Mapping[str, Value], name: str) -> list[int]:
    """Return a list's whole numbers: ids of uploads, or chosen options."""
    value = values.get(name)
    found = [whole_of({"item": item}, "item") for item in (value if isinstance(value, list) else [])]
    return [number for number in found if number is not None]


def day_of(values: Mapping[str, Value], name: str) -> date | None:
    """Return a day."""
    value = values.get(name)
    if isinstance(value, datetime):
        return value.astimezone(CITY_ZONE).date()
    return value if isinstance(value, date) else None


def moment_of(values: Mapping[str, Value], name: str) -> datetime | None:
    """Return an aware moment; one without a zone is read as the city's time."""
    value = values.get(name)
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=CITY_ZONE)


def context_of(values: Mapping[str, object]) -> dict[str, Value]:
    """Return Python values as the context a form begins with."""
    value = to_feel(dict(values))
    if not isinstance(value, dict):
        raise TypeError("a form begins with a context")
    return value
