"""A form: opened for a person, or handed in and turned into answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from engine.feel import Environment, Value
from engine.forms.evaluation import Evaluator, put
from engine.forms.filling import Entry, Filling, Place, names_in_row
from engine.forms.model import Component, Words
from engine.forms.readings import FieldError
from engine.forms.rows import ListState
from engine.forms.submission import ACTION, KEPT, Fields, Submission, Uploads, with_row_changed


def _no_upload(_number: int) -> bool:
    return False


@dataclass(frozen=True)
class Answers:
    """A form as it stands after somebody opened it or handed it in."""

    values: dict[str, Value]
    """What reaches the process: visible fields by their keys, nothing else."""
    errors: Mapping[str, FieldError]
    """What is wrong, by field name, in the order of the page."""
    fields: dict[str, list[str]]
    """What was typed, for a draft: names and texts, with the files stored so far."""
    entries: Mapping[Place, Entry] = field(repr=False)
    lists: Mapping[int, ListState] = field(repr=False)
    names: dict[str, Value] = field(repr=False)
    """Everything that expressions and texts of the form can read."""
    environment: Environment = field(repr=False)

    def with_errors(self, errors: Mapping[str, FieldError]) -> "Answers":
        """Return the answers with further errors, e.g. of files that were refused."""
        return replace(self, errors={**self.errors, **errors})

    def names_at(self, component: Component, row: int | None) -> Mapping[str, Value]:
        """Return what a component can read: in a list, the values of its row first."""
        if row is None or component.list_number is None:
            return self.names
        return names_in_row(self.lists[component.list_number], row, self.names)

    def would_hide(self, component: Component, row: int, chosen: Mapping[str, Value]) -> bool:
        """Whether the component of a row would be hidden if other fields of the row had these values."""
        if component.hide is None:
            return False
        state = self.lists[component.list_number or 0]
        supposed = replace(state, values={**state.values, row: {**state.values[row], **chosen}})
        names = names_in_row(supposed, row, self.names)
        return Evaluator(self.environment).is_true(component.hide, names)


@dataclass(frozen=True)
class Form:
    """One form of a definition."""

    id: str
    components: tuple[Component, ...]
    order: tuple[Component, ...] = field(repr=False)
    """All components, each behind those that its conditions, options and expressions read."""
    read_names: frozenset[str] = frozenset()
    """Names that some condition, option list or expression reads."""
    submit: Words = field(default_factory=Words)
    """What the button says that hands the form in; empty: the page chooses."""

    @cached_property
    def all_components(self) -> tuple[Component, ...]:
        """All components in the order of the page; a component's ``number`` is its index."""
        return tuple(found for component in self.components for found in component.walk())

    @cached_property
    def keys(self) -> frozenset[str]:
        """The names of variables that answers may set: nothing else reaches the process."""
        return frozenset(component.path[0] for component in self._keyed())

    @property
    def has_conditions(self) -> bool:
        """Whether the page changes with what is typed."""
        return any(component.is_input and self.is_read(component) for component in self.all_components)

    def is_read(self, component: Component) -> bool:
        """Whether some condition, option list or expression may read the component's value."""
        names = {*component.path}
        if component.list_number is not None:
            names.update(self.all_components[component.list_number].path)
        return not self.read_names.isdisjoint(names)

    def open(
        self,
        *,
        initial: Mapping[str, Value],
        environment: Environment,
        draft: Fields | None = None,
        may_use_upload: Callable[[int], bool] = _no_upload,
    ) -> Answers:
        """Return the form as a person finds it: prefilled, with his draft over it, without errors."""
        filling = self._fill(Submission(draft or {}), initial, environment, may_use_upload)
        return self._answers(filling, with_errors=False)

    def parse(
        self,
        fields: Fields,
        uploads: Uploads | None = None,
        *,
        initial: Mapping[str, Value],
        environment: Environment,
        may_use_upload: Callable[[int], bool] = _no_upload,
    ) -> Answers:
        """Return what was handed in; ``uploads`` are the ids of files stored just now, by field name.

        Read-only fields are taken from ``initial``, whatever the request says; hidden ones are dropped.
        Files that stay from before count if they are in ``initial`` or ``may_use_upload`` allows them.
        """
        filling = self._fill(Submission(fields, uploads or {}), initial, environment, may_use_upload)
        return self._answers(filling, with_errors=True)

    def change_rows(
        self,
        fields: Fields,
        uploads: Uploads | None = None,
        *,
        initial: Mapping[str, Value],
        environment: Environment,
        may_use_upload: Callable[[int], bool] = _no_upload,
    ) -> Answers:
        """Return the form after a button that does not hand it in: add a row, remove one, or refresh."""
        answers = self.parse(
            fields, uploads, initial=initial, environment=environment, may_use_upload=may_use_upload
        )
        action = next(iter(fields.get(ACTION, ())), "")
        lists = {state.name: state for state in answers.lists.values()}
        changed = with_row_changed(answers.fields, action, lists)
        return self.open(
            initial=initial, environment=environment, draft=changed, may_use_upload=may_use_upload
        )

    def file_fields(self, names: Sequence[str]) -> Iterator[tuple[str, Component]]:
        """Yield those of the posted file fields that the form has, each with its component."""
        pickers = {
            (self._list_key(component), component.key): component
            for component in self.all_components
            if component.kind == "filepicker" and component.read_only is not True
        }
        for name in names:
            for (list_key, key), component in pickers.items():
                if _is_name_of(name, list_key, key):
                    yield name, component

    def _list_key(self, component: Component) -> str:
        return "" if component.list_number is None else self.all_components[component.list_number].key

    def _keyed(self) -> Iterator[Component]:
        for component in self.all_components:
            if component.path and component.list_number is None and component.kind != "group":
                yield component

    def _fill(
        self,
        submission: Submission,
        initial: Mapping[str, Value],
        environment: Environment,
        may_use_upload: Callable[[int], bool],
    ) -> Filling:
        filling = Filling(submission, initial, environment, may_use_upload)
        filling.run(self.order)
        return filling

    def _answers(self, filling: Filling, *, with_errors: bool) -> Answers:
        values: dict[str, Value] = {}
        for component in self._keyed():
            entry = filling.entries[component.number, None]
            if entry.is_hidden:
                continue
            state = filling.lists.get(component.number)
            rows: Value = [state.values[number] for number in state.numbers] if state else None
            put(values, component.path, rows if component.kind == "dynamiclist" else entry.value)
        return Answers(
            values=values,
            errors=dict(self._errors(filling)) if with_errors else {},
            fields=_fields(filling.submission),
            entries=filling.entries,
            lists=filling.lists,
            names=filling.names,
            environment=filling.environment,
        )

    def _errors(self, filling: Filling) -> Iterator[tuple[str, FieldError]]:
        """The errors in the order of the page: a list's rows one after the other."""
        for component in self.all_components:
            if component.list_number is None:
                yield from _error_of(filling.entries[component.number, None])
            if component.kind == "dynamiclist":
                for row in filling.lists[component.number].numbers:
                    for child in component.walk():
                        if child.list_number == component.number:
                            yield from _error_of(filling.entries[child.number, row])


def _error_of(entry: Entry) -> Iterator[tuple[str, FieldError]]:
    if entry.error and not entry.is_hidden and entry.component.path:
        yield entry.name, entry.error


def _is_name_of(name: str, list_key: str, key: str) -> bool:
    if not list_key:
        return name == key
    row, _, rest = name.removeprefix(f"{list_key}.").partition(".")
    return name.startswith(f"{list_key}.") and row.isdecimal() and rest == key


def _fields(submission: Submission) -> dict[str, list[str]]:
    """What was typed; files that were stored just now join those that are kept."""
    result = {name: list(texts) for name, texts in submission.fields.items() if name != ACTION}
    for name, numbers in submission.uploads.items():
        result.setdefault(name + KEPT, []).extend(map(str, numbers))
    return result
