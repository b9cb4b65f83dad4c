"""Fills the places of a text with values, as people write them."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from engine.clock import CITY_ZONE
from engine.feel import Value, to_json
from engine.forms.names import split_text

_YES: Final = {"vi": "có", "en": "yes"}
_NO: Final = {"vi": "không", "en": "no"}
_PATTERNS: Final[Mapping[type, str]] = {
    str: "",
    datetime: "%d/%m/%Y %H:%M",
    date: "%d/%m/%Y",
    time: "%H:%M",
}
"""A moment is a date too: it comes first."""


def render(template: str, values: Mapping[str, Value], language: str) -> str:
    """Return ``template`` with every ``{{ path }}`` replaced; what is not there leaves its place empty."""
    parts = split_text(template)
    parts[1::2] = [write(_find(values, path.split(".")), language) for path in parts[1::2]]
    return "".join(parts)


def paragraphs(body: str) -> tuple[str, ...]:
    """Return the paragraphs of a body, which an empty line parts."""
    return tuple(" ".join(part.split()) for part in body.split("\n\n") if part.strip())


def write(value: Value, language: str) -> str:
    """Return a value as people write it in ``vi`` or ``en``: dates day first, lists with commas."""
    if isinstance(value, bool):
        return (_YES if value else _NO)["en" if language == "en" else "vi"]
    if isinstance(value, Decimal):
        text = f"{value.normalize():,f}"
        return text if language == "en" else text.translate(str.maketrans(",.", ".,"))
    if isinstance(value, list):
        return ", ".join(write(one, language) for one in value)
    for kind, pattern in _PATTERNS.items():
        if isinstance(value, kind):
            return format(_in_city(value), pattern)
    return str(to_json(value)) if value is not None else ""


def _in_city(value: Value) -> Value:
    return value.astimezone(CITY_ZONE) if isinstance(value, datetime) and value.tzinfo else value


def _find(values: Mapping[str, Value], path: list[str]) -> Value:
    found: Value = dict(values)
    for name in path:
        if not isinstance(found, dict):
            return None
        found = found.get(name)
    return found
