"""Makes up answers: fills a form the way a person would, until the form itself accepts them."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from engine.clock import CITY_ZONE
from engine.feel import Environment, Value
from engine.forms import ACTION, Answers, Component, Entry, Form, patterns
from engine.forms.model import CHOICE_KINDS
from engine.forms.readings import Typed, write
from engine.forms.submission import DATE, KEPT, ROWS, SEAL, TIME

_ROUNDS: Final = 8
_AHEAD: Final = timedelta(days=10)
_TEXTS_TO_TRY: Final = (
    *("12", "123", "1234", "12345", "123456", "1234567890", "001090012345", "0123456789", "2026", "A", "AB"),
    *("ABC", "abc", "A1", "AB12", "AB-12", "A-1", "12/2026", "12/QĐ-UBND", "12/TTr-UBND", "01/01/2026"),
)
"""Tried one by one where a field wants a pattern: we make nothing up from regular expressions."""

Fields = dict[str, list[str]]
Picks = Mapping[str, str]
"""Field name -> the one text that stands in it, whatever would be made up."""


@dataclass(frozen=True)
class Filled:
    """A form with made-up answers. ``fields`` are what a browser would send."""

    fields: Fields
    answers: Answers


@dataclass(frozen=True)
class Filler:
    """Fills one form at one moment."""

    form: Form
    initial: Mapping[str, Value]
    environment: Environment
    literals: Callable[[str], list[Value]]
    """What expressions compare a variable with."""
    sample_file: Callable[[], int]
    """Hands in a file and returns its number."""
    language: str = "vi"

    def fill(self, picks: Picks | None = None) -> Filled:
        """Return answers with all that is asked for and ``picks`` kept; not always ones that are accepted."""
        fields: Fields = {name: [text] for name, text in (picks or {}).items()}
        settled = set(fields)
        answers = self._parse(fields)
        for _ in range(_ROUNDS):
            fields.update(_marks(answers))
            self._grow(fields, answers)
            answers = self._parse(fields)
            if not self._type(fields, answers, settled):
                break
            answers = self._parse(fields)
        fields.update(_marks(answers))
        return Filled(fields, self._parse(fields))

    def open(self, fields: Mapping[str, list[str]]) -> Answers:
        """Return the form as a person finds it with these fields filled."""
        return self.form.open(
            initial=self.initial, environment=self.environment, draft=fields, may_use_upload=_any_file
        )

    def _parse(self, fields: Fields) -> Answers:
        return self.form.parse(
            fields, initial=self.initial, environment=self.environment, may_use_upload=_any_file
        )

    def _grow(self, fields: Fields, answers: Answers) -> None:
        """Add rows to lists that want more."""
        for name, error in answers.errors.items():
            if error.code == "too_few_rows":
                grown = self.form.change_rows(
                    {**fields, ACTION: [f"add:{name}"]}, initial=self.initial, environment=self.environment
                )
                fields.update(grown.fields)
                fields.update(_marks(grown))

    def _type(self, fields: Fields, answers: Answers, settled: set[str]) -> bool:
        """Type into what is still open; return whether anything was."""
        typed_any = False
        for entry in answers.entries.values():
            if not _is_open(entry) or entry.name in settled or not _wants_answer(entry):
                continue
            settled.add(entry.name)
            typed = self._typed(entry)
            fields.update(_sent(entry, typed))
            typed_any = True
        return typed_any

    def _typed(self, entry: Entry) -> Typed:
        component = entry.component
        if component.kind == "filepicker":
            return Typed(uploads=(self.sample_file(),))
        if component.kind in CHOICE_KINDS:
            return Typed(texts=tuple(option.token for option in entry.options[:1]))
        return write(component, self._value(component))

    def _value(self, component: Component) -> Value:
        match component.kind:
            case "checkbox":
                return component.rules.required
            case "number":
                return self._number(component)
            case "datetime":
                return _moment(component, self.environment)
            case _:
                return self._text(component)

    def _number(self, component: Component) -> Decimal:
        rules = component.rules
        given = [value for value in self.literals(component.key) if isinstance(value, Decimal)]
        least, most = rules.minimum, rules.maximum
        for number in (*given, Decimal(1), least, most):
            if number is not None and (least is None or number >= least) and (most is None or number <= most):
                return number
        return Decimal(1)

    def _text(self, component: Component) -> str:
        rules = component.rules
        if rules.pattern:
            return next((text for text in _TEXTS_TO_TRY if patterns.matches(rules.pattern, text)), "")
        if rules.text_type == "email":
            return "mau@example.org"
        if rules.text_type == "phone":
            return "0225 3 123 456"
        given = [value for value in self.literals(component.key) if isinstance(value, str) and value]
        text = given[0] if given else component.label.read(self.language) or component.key
        text += "." * max(0, (rules.min_length or 0) - len(text))
        return text if rules.max_length is None else text[: rules.max_length]


def open_choices(answers: Answers, literals: Callable[[str], list[Value]]) -> dict[str, list[str]]:
    """Return what could be answered instead, by field name: options, yes and no, values compared with."""
    found: dict[str, list[str]] = {}
    for entry in answers.entries.values():
        if _is_open(entry):
            texts = list(_alternatives(entry, literals))
            if len(texts) > 1:
                found[entry.name] = texts
    return found


def _alternatives(entry: Entry, literals: Callable[[str], list[Value]]) -> Iterator[str]:
    component = entry.component
    if component.kind in {"radio", "select"}:
        yield from (option.token for option in entry.options)
    elif component.kind == "checkbox":
        yield from ("true", "false")
    elif component.kind in {"number", "textfield"}:
        for value in literals(component.key):
            yield from write(component, value).texts
            if isinstance(value, Decimal):
                yield from write(component, value + 1).texts


def _is_open(entry: Entry) -> bool:
    return entry.component.is_input and not entry.is_hidden and not entry.is_read_only


def _wants_answer(entry: Entry) -> bool:
    """Whether a person would type here: into all that is empty but boxes and files nobody asks for."""
    if entry.error is not None:
        return True
    is_optional = entry.component.kind in {"checkbox", "filepicker"}
    return not is_optional and entry.value in (None, "", [])


def _sent(entry: Entry, typed: Typed) -> Fields:
    """The fields in which a browser would send what was typed."""
    sent: Fields = {entry.name: list(typed.texts)}
    if typed.date:
        sent[entry.name + DATE] = [typed.date]
    if typed.time:
        sent[entry.name + TIME] = [typed.time]
    if typed.uploads:
        sent[entry.name + KEPT] = [str(number) for number in typed.uploads]
    return {name: texts for name, texts in sent.items() if texts}


def _marks(answers: Answers) -> Fields:
    """The hidden fields that tell which rows are on the page."""
    marks: Fields = {}
    for state in answers.lists.values():
        if state.name and (state.numbers or state.may_change):
            marks[state.name + ROWS] = ["", *map(str, state.numbers)]
            marks |= {f"{state.name}.{row}{SEAL}": [seal] for row, seal in state.seals.items()}
    return marks


def _moment(component: Component, environment: Environment) -> Value:
    now = environment.now
    if now is None:
        return None
    moment = (now.astimezone(CITY_ZONE) + _AHEAD).replace(hour=9, minute=0, second=0, microsecond=0)
    subtype = component.moment.subtype if component.moment else "date"
    if subtype == "date":
        return moment.date()
    return moment.time() if subtype == "time" else moment


def _any_file(_number: int) -> bool:
    """Every file of a dry run is the dry run's own."""
    return True
