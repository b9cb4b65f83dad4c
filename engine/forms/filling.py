"""Works a form out: what is hidden, what may be chosen, what was answered, what is wrong."""

from collections import ChainMap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from engine.feel import Environment, Value
from engine.forms import options as option_lists
from engine.forms.evaluation import Evaluator, drop, put, value_at
from engine.forms.model import Component, Option
from engine.forms.readings import FieldError, Typed, read, write
from engine.forms.rows import ListState, open_list
from engine.forms.submission import Submission
from engine.forms.validation import find_error, in_own_words

Place = tuple[int, int | None]
"""A component's number and, inside a list, the row's."""


@dataclass(frozen=True)
class Entry:
    """One component as it stands on the page; in a list there is one for each row."""

    component: Component
    name: str = ""
    """The name of the field in the request, e.g. ``guests.0.name``."""
    typed: Typed = field(default_factory=Typed)
    value: Value = None
    options: tuple[Option, ...] = ()
    is_hidden: bool = False
    is_read_only: bool = False
    error: FieldError | None = None


@dataclass
class Filling:
    """One form being worked out, component by component, each behind those it reads."""

    submission: Submission
    initial: Mapping[str, Value]
    environment: Environment
    may_use_upload: Callable[[int], bool]
    entries: dict[Place, Entry] = field(default_factory=dict[Place, Entry])
    lists: dict[int, ListState] = field(default_factory=dict[int, ListState])

    def __post_init__(self) -> None:
        self.names: dict[str, Value] = dict(self.initial)
        self._evaluator = Evaluator(self.environment)

    def run(self, order: Sequence[Component]) -> None:
        """Settle all components."""
        for component in order:
            rows = [None] if component.list_number is None else self.lists[component.list_number].numbers
            for row in rows:
                entry = self._settle(component, row)
                self.entries[component.number, row] = entry
                self._publish(entry, row)

    def _settle(self, component: Component, row: int | None) -> Entry:
        name = self._name(component, row)
        if self._is_hidden(component, row):
            return self._hide(component, name, row)
        if component.is_input:
            return self._answer(component, name, row)
        if component.kind == "dynamiclist":
            return self._open_list(component, name)
        expression = component.table.source if component.table else component.expression
        if expression is None:
            return Entry(component, name)
        value, in_limits = self._evaluator.evaluate(expression, self._names(component, row))
        return Entry(component, name, value=value, error=None if in_limits else FieldError("not_computed"))

    def _hide(self, component: Component, name: str, row: int | None) -> Entry:
        """Keep what was typed, for when the component comes back."""
        self.lists[component.number] = ListState(name)
        if not component.is_input:
            return Entry(component, name, is_hidden=True)
        typed, _ = self._typed(component, name, row)
        choices = self._choices(component, row)
        return Entry(component, name, typed, options=choices, is_hidden=True)

    def _typed(self, component: Component, name: str, row: int | None) -> tuple[Typed, bool]:
        """What was sent for the field, else what it holds from the start; and whether files were left out.

        A file counts only where it was before, was stored with this request, or may be used anyway.
        """
        start = write(component, self._start(component, row))
        sent_name = self._sent_name(component, name, row)
        if not (sent_name and self.submission.has(sent_name)):
            return start, False
        typed = self.submission.typed(sent_name)
        known = {*start.uploads, *self.submission.uploads.get(sent_name, ())}
        usable = tuple(number for number in typed.uploads if number in known or self.may_use_upload(number))
        return replace(typed, uploads=usable), usable != typed.uploads

    def _choices(self, component: Component, row: int | None) -> tuple[Option, ...]:
        if component.options is None:
            return ()
        return option_lists.resolve(component.options, self._names(component, row), self._evaluator)

    def _is_hidden(self, component: Component, row: int | None) -> bool:
        if component.parent_number is not None:
            parent_row = None if component.parent_number == component.list_number else row
            if self.entries[component.parent_number, parent_row].is_hidden:
                return True
        return component.hide is not None and self._evaluator.is_true(
            component.hide, self._names(component, row)
        )

    def _answer(self, component: Component, name: str, row: int | None) -> Entry:
        names = self._names(component, row)
        choices = self._choices(component, row)
        start = self._start(component, row)
        is_read_only = component.read_only is True or (
            not isinstance(component.read_only, bool) and self._evaluator.is_true(component.read_only, names)
        )
        if is_read_only:
            return Entry(component, name, write(component, start), start, choices, is_read_only=True)
        typed, has_foreign_files = self._typed(component, name, row)
        reading = FieldError("file_unknown") if has_foreign_files else read(component, typed, choices)
        if isinstance(reading, FieldError):
            return Entry(component, name, typed, options=choices, error=in_own_words(component, reading))
        return Entry(
            component, name, typed, reading, choices, error=find_error(component, reading, self.environment)
        )

    def _open_list(self, component: Component, name: str) -> Entry:
        state = open_list(
            component,
            value_at(self.initial, component.path),
            sent=self.submission.row_numbers(name),
            seal_of=lambda row: self.submission.seal(name, row),
        )
        self.lists[component.number] = state
        return Entry(component, name, error=_list_error(component, state))

    def _start(self, component: Component, row: int | None) -> Value:
        """What the field holds before anybody types."""
        source = self.initial if row is None else self._row(component, row)
        value = value_at(source, component.path)
        return component.default if value is None else value

    def _names(self, component: Component, row: int | None) -> Mapping[str, Value]:
        """What an expression of the component can read."""
        if row is None or component.list_number is None:
            return self.names
        return names_in_row(self.lists[component.list_number], row, self.names)

    def _row(self, component: Component, row: int) -> dict[str, Value]:
        return self.lists[component.list_number or 0].values[row]

    def _name(self, component: Component, row: int | None) -> str:
        if row is None or component.list_number is None:
            return component.key
        return f"{self.lists[component.list_number].name}.{row}.{component.key}"

    def _sent_name(self, component: Component, name: str, row: int | None) -> str:
        """The name under which the field was sent, since rows may have moved; empty if the row was not."""
        if row is None or component.list_number is None:
            return name
        state = self.lists[component.list_number]
        sent = state.sent_as.get(row)
        return "" if sent is None else f"{state.name}.{sent}.{component.key}"

    def _publish(self, entry: Entry, row: int | None) -> None:
        """Let the expressions of the components behind this one see its value."""
        component = entry.component
        if not component.path or component.kind == "group":
            return
        target = self.names if row is None else self._row(component, row)
        if entry.is_hidden:
            drop(target, component.path)
        elif component.kind == "dynamiclist":
            state = self.lists[component.number]
            put(target, component.path, [state.values[number] for number in state.numbers])
        else:
            put(target, component.path, entry.value)


def names_in_row(state: ListState, row: int, names: dict[str, Value]) -> Mapping[str, Value]:
    """Return what can be read in a row: its values first, then those of the form."""
    values = state.values[row]
    position = Decimal(state.numbers.index(row) + 1)
    special: dict[str, Value] = {"this": values, "parent": names, "i": position}
    return ChainMap(values, special, names)


def _list_error(component: Component, state: ListState) -> FieldError | None:
    rules = component.rules
    error: FieldError | None = None
    if state.has_changed:
        error = FieldError("rows_changed")
    elif state.may_change and len(state.numbers) < rules.min_rows:
        error = FieldError("too_few_rows", {"limit": rules.min_rows})
    elif state.may_change and len(state.numbers) > rules.max_rows:
        error = FieldError("too_many_rows", {"limit": rules.max_rows})
    return in_own_words(component, error) if error else None
