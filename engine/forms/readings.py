"""Turns what was typed into one field into a value, or says what is wrong with it; and values into text."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final, TypeAlias

from engine.feel import Value
from engine.forms import moments
from engine.forms.model import MAX_TEXT, Component, Kind, Option, Words
from engine.forms.numbers import read_number, type_number
from engine.forms.texts import clean_text

MAX_PARTS: Final = 2_000
"""A field that is sent more often is cut off here."""


@dataclass(frozen=True)
class FieldError:
    """Why an answer was not accepted. The sentence for ``code`` stands in the web layer."""

    code: str
    params: Mapping[str, int | Decimal | str] = field(default_factory=dict[str, "int | Decimal | str"])
    message: Words | None = None
    """The form's own words for this error, where its author gave some."""


@dataclass(frozen=True)
class Typed:
    """What came for one field: texts, and the ids of files that were kept or newly stored."""

    texts: tuple[str, ...] = ()
    date: str = ""
    time: str = ""
    uploads: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """The one text of a field that has one."""
        return self.texts[0] if self.texts else ""


Reading: TypeAlias = "Value | FieldError"


def read(component: Component, typed: Typed, options: Sequence[Option]) -> Reading:
    """Return the value that was typed, null for an empty field, or what is wrong with it."""
    return _READERS[component.kind](component, typed, options)


def _read_text(component: Component, typed: Typed, _options: Sequence[Option]) -> Reading:
    if len(typed.text) > MAX_TEXT:
        return FieldError("too_long", {"limit": component.rules.max_length or MAX_TEXT})
    text = clean_text(typed.text, many_lines=component.kind == "textarea")
    return FieldError("bad_text") if text is None else text or None


def _read_number(_component: Component, typed: Typed, _options: Sequence[Option]) -> Reading:
    if not typed.text.strip():
        return None
    number = read_number(typed.text)
    return FieldError("not_a_number") if number is None else number


def _read_checkbox(_component: Component, typed: Typed, _options: Sequence[Option]) -> Reading:
    return typed.text in {"true", "on", "1"}


def _read_one(_component: Component, typed: Typed, options: Sequence[Option]) -> Reading:
    if not typed.text:
        return None
    for option in options:
        if option.token == typed.text:
            return option.value
    return FieldError("not_an_option")


def _read_several(_component: Component, typed: Typed, options: Sequence[Option]) -> Reading:
    wanted = {text for text in typed.texts if text}
    if wanted - {option.token for option in options}:
        return FieldError("not_an_option")
    return [option.value for option in options if option.token in wanted]


def _read_moment(component: Component, typed: Typed, _options: Sequence[Option]) -> Reading:
    subtype = component.moment.subtype if component.moment else "date"
    if subtype == "date":
        return _or_error(moments.read_date, typed.date or typed.text, "not_a_date")
    if subtype == "time":
        return _or_error(moments.read_time, typed.time or typed.text, "not_a_time")
    return _read_date_and_time(typed)


def _read_date_and_time(typed: Typed) -> Reading:
    day_text, time_text = typed.date, typed.time
    if not (day_text or time_text):
        day_text, _, time_text = typed.text.strip().replace("T", " ").partition(" ")
    day = _or_error(moments.read_date, day_text, "not_a_date")
    hour = _or_error(moments.read_time, time_text, "not_a_time")
    for part in (day, hour):
        if isinstance(part, FieldError):
            return part
    if isinstance(day, date) and isinstance(hour, time):
        return moments.at(day, hour)
    return None if day is None and hour is None else FieldError("date_and_time")


def _or_error(reader: Callable[[str], Value], text: str, code: str) -> Reading:
    if not text.strip():
        return None
    value = reader(text)
    return FieldError(code) if value is None else value


def _read_files(component: Component, typed: Typed, _options: Sequence[Option]) -> Reading:
    ids = list(dict.fromkeys(typed.uploads))
    if component.files and not component.files.multiple:
        ids = ids[-1:]
    return [Decimal(number) for number in ids]


_READERS: Final[Mapping[Kind, Callable[[Component, Typed, Sequence[Option]], Reading]]] = {
    "textfield": _read_text,
    "textarea": _read_text,
    "number": _read_number,
    "checkbox": _read_checkbox,
    "radio": _read_one,
    "select": _read_one,
    "checklist": _read_several,
    "taglist": _read_several,
    "datetime": _read_moment,
    "filepicker": _read_files,
}


def write(component: Component, value: Value) -> Typed:
    """Return what a person would have typed for the value; what does not suit the field gives nothing."""
    if component.kind == "filepicker":
        numbers = value if isinstance(value, list) else []
        return Typed(uploads=tuple(int(number) for number in numbers if isinstance(number, Decimal)))
    if component.kind == "datetime":
        return _write_moment(component, value)
    parts = value if isinstance(value, list) else [value]
    return Typed(texts=tuple(text for part in parts if (text := _write_scalar(component, part))))


def _write_scalar(component: Component, value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return type_number(value) if component.kind == "number" else format(value, "f")
    if isinstance(value, datetime):
        value = moments.local(value)
        return f"{moments.write_date(value)} {moments.write_time(value.time())}"
    if isinstance(value, date):
        return moments.write_date(value)
    return value if isinstance(value, str) else ""


def _write_moment(component: Component, value: Value) -> Typed:
    subtype = component.moment.subtype if component.moment else "date"
    if isinstance(value, str):
        return Typed(texts=(value,))
    if isinstance(value, datetime):
        value = moments.local(value)
        hour = value.time() if subtype != "date" else None
        day = value.date() if subtype != "time" else None
        return Typed(date=day.isoformat() if day else "", time=moments.write_time(hour) if hour else "")
    if isinstance(value, date):
        return Typed(date=value.isoformat())
    return Typed(time=moments.write_time(value)) if isinstance(value, time) else Typed()
