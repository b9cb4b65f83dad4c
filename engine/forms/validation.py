"""The rules a value must keep once it has been read."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from engine.clock import CITY_ZONE
from engine.feel import Environment, Value
from engine.forms import moments, patterns
from engine.forms.model import MAX_TEXT, Component
from engine.forms.readings import FieldError
from engine.text import is_mail_address

_PHONE: Final = r"^\+?[0-9][0-9 .-]{6,18}[0-9]$"


def find_error(component: Component, value: Value, environment: Environment) -> FieldError | None:
    """Return the first rule that the value breaks, in the form's own words where it has some."""
    error = next(_errors(component, value, environment), None)
    return in_own_words(component, error) if error else None


def in_own_words(component: Component, error: FieldError) -> FieldError:
    """Return the error with the words that the form's author gave for it."""
    message = component.rules.messages.get(error.code)
    return FieldError(error.code, error.params, message) if message else error


def _errors(component: Component, value: Value, environment: Environment) -> Iterator[FieldError]:
    if _is_empty(value):
        if component.rules.required:
            yield FieldError("file_missing" if component.kind == "filepicker" else "required")
        return
    if isinstance(value, bool):
        return
    if isinstance(value, str) and component.kind in {"textfield", "textarea"}:
        yield from _text_errors(component, value)
    elif isinstance(value, Decimal) and component.kind == "number":
        yield from _number_errors(component, value)
    elif isinstance(value, date) and component.rules.no_past_dates:
        yield from _past_errors(value, environment)


def _is_empty(value: Value) -> bool:
    """An unticked box counts as empty: a required box must be ticked."""
    return value is None or value is False or value in ("", [])


def _text_errors(component: Component, value: str) -> Iterator[FieldError]:
    rules = component.rules
    longest = MAX_TEXT if rules.max_length is None else rules.max_length
    if rules.min_length is not None and len(value) < rules.min_length:
        yield FieldError("too_short", {"limit": rules.min_length})
    if len(value) > longest:
        yield FieldError("too_long", {"limit": longest})
    if rules.text_type == "email" and not is_mail_address(value):
        yield FieldError("not_an_email")
    if rules.text_type == "phone" and not patterns.matches(_PHONE, value):
        yield FieldError("not_a_phone")
    if rules.pattern and not patterns.matches(rules.pattern, value):
        yield FieldError("pattern")


def _number_errors(component: Component, value: Decimal) -> Iterator[FieldError]:
    rules = component.rules
    if rules.minimum is not None and value < rules.minimum:
        yield FieldError("too_small", {"limit": rules.minimum})
    if rules.maximum is not None and value > rules.maximum:
        yield FieldError("too_big", {"limit": rules.maximum})
    if rules.decimal_digits is not None and value != round(value, rules.decimal_digits):
        yield FieldError("too_many_decimals", {"limit": rules.decimal_digits})


def _past_errors(value: date | datetime, environment: Environment) -> Iterator[FieldError]:
    """Today is not past; a moment that has gone by is."""
    if environment.now is None:
        return
    now = environment.now.astimezone(CITY_ZONE)
    if isinstance(value, datetime):
        is_past = moments.local(value) < now
        day = moments.local(value).date()
    else:
        is_past, day = value < now.date(), value
    if is_past:
        yield FieldError(
            "past_date", {"value": moments.write_date(day), "earliest": moments.write_date(now.date())}
        )
