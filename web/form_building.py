"""Builds the nodes of a page from a form and its answers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from markupsafe import Markup

from engine.forms import Answers, Component, Entry, Form
from engine.forms.evaluation import value_at
from engine.forms.moments import read_date, read_time, write_date, write_time
from engine.forms.rows import NEW, ListState
from engine.forms.submission import DATE, KEPT, TIME
from web import file_words
from web.form_nodes import CheckLine, Choice, FileLink, Moment, Node, Row
from web.form_words import in_words, sentence
from web.markdown_text import render_text

GRID: Final = 16
_MAX_TABLE_ROWS: Final = 1_000
_SEGMENTS: Final = {
    **dict.fromkeys(("accept", "agree", "approve", "yes", "sign", "receive", "pass", "true"), "yes"),
    **dict.fromkeys(("reject", "disagree", "refuse", "no", "send_back", "fail", "false"), "no"),
    **dict.fromkeys(("blank", "none", "abstain"), "blank"),
}
"""Colours of segments by what is chosen; all others hold."""


@dataclass
class Builder:
    """Makes the nodes of one page."""

    form: Form
    answers: Answers
    language: str
    link_file: Callable[[int], FileLink]
    carried: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """What was typed into fields that are hidden now, so that it is there when they come back."""

    def grid(self, components: Sequence[Component], row: int | None = None) -> tuple[tuple[Node, ...], ...]:
        """Return the visible components in rows of the grid."""
        rows: list[list[Component]] = []
        for component in components:
            if self._entry(component, row).is_hidden:
                self._carry(component, row)
            elif rows and _is_beside(component, rows[-1]):
                rows[-1].append(component)
            else:
                rows.append([component])
        return tuple(
            tuple(self.node(one, row, width) for one, width in zip(some, _widths(some), strict=True))
            for some in rows
        )

    def node(self, component: Component, row: int | None, width: int = GRID) -> Node:
        """Return one component with all that its kind needs."""
        node = self._plain(component, row, width)
        if component.kind == "group":
            return replace(node, grid=self.grid(component.components, row))
        if component.kind == "dynamiclist":
            return self._list(node, component)
        if component.kind == "table":
            return self._table(node, component)
        if component.kind == "text":
            return replace(node, html=self._html(component, node.entry, row))
        return self._field(node, component)

    def _entry(self, component: Component, row: int | None) -> Entry:
        return self.answers.entries[component.number, row]

    def _plain(self, component: Component, row: int | None, width: int) -> Node:
        """What all components have."""
        entry = self._entry(component, row)
        element_id = "f-" + (entry.name or component.id or str(component.number)).replace(".", "-")
        error = self.answers.errors.get(entry.name) if entry.name else None
        hint = component.description.read(self.language)
        described = [f"{element_id}-hint"] * bool(hint) + [f"{element_id}-wrong"] * bool(error)
        return Node(
            kind=component.kind,
            entry=entry,
            width=width,
            id=element_id,
            name=entry.name,
            label=component.label.read(self.language),
            hint=hint,
            wrong=sentence(error, self.language) if error else "",
            described_by=" ".join(described),
            properties=self._properties(component),
        )

    def _field(self, node: Node, component: Component) -> Node:
        """What a person fills in, or what is computed."""
        entry = node.entry
        return replace(
            node,
            text=entry.typed.text,
            shown=self._shown(entry),
            prefix=component.prefix.read(self.language),
            suffix=component.suffix.read(self.language),
            is_required=component.rules.required,
            is_read_only=entry.is_read_only,
            recomputes=self.form.is_read(component),
            choices=tuple(self._choices(entry)),
            files=self._files(component, entry),
            accept=", ".join(component.files.accept) if component.files else "",
            takes=file_words.taken(",".join(component.files.accept)) if component.files else "",
            is_multiple=component.files.multiple if component.files else False,
            max_length=component.rules.max_length,
            moment=self._moment(component, entry),
        )

    def _list(self, node: Node, component: Component) -> Node:
        state = self.answers.lists[component.number]
        make = self._judged_row if node.widget == "judge" else self._row
        rows = tuple(
            make(component, state, number, place) for place, number in enumerate(state.numbers, start=1)
        )
        return replace(
            node,
            rows=rows,
            may_add=state.may_change and len(rows) < state.max_rows,
            may_remove=state.may_change and len(rows) > component.rules.min_rows,
        )

    def _row(self, component: Component, state: ListState, number: int, position: int) -> Row:
        return Row(
            number=number,
            position=position,
            seal=state.seals.get(number, NEW),
            values=state.values[number],
            grid=self.grid(component.components, number),
        )

    def _judged_row(self, component: Component, state: ListState, number: int, position: int) -> Row:
        """Split a row: what is judged, the verdict, and what some verdicts call for."""
        children = component.components
        choice = next((child for child in children if child.kind == "radio"), None)
        shown = [child for child in children if child is not choice and _is_shown_only(child)]
        asked = [child for child in children if child is not choice and child not in shown]
        named = [child for child in shown if child.kind != "number"]  # a number identifies, it does not name
        heads = [child for child in named if not self._entry(child, number).is_hidden]
        return Row(
            number=number,
            position=position,
            seal=state.seals.get(number, NEW),
            values=state.values[number],
            heads=tuple(self.node(child, number) for child in heads),
            verdict=self.node(choice, number) if choice else None,
            beside=tuple(self._beside(child, choice, number) for child in asked),
            check_lines=self._check_lines(component, number),
        )

    def _check_lines(self, component: Component, row: int) -> tuple[CheckLine, ...]:
        """What the form's source checked of a row, given beside the list so that no answer carries it."""
        found = self.answers.names.get(component.properties.get("checks", ""))
        lines = found[row] if isinstance(found, list) and row < len(found) else None
        return tuple(
            CheckLine.read(line)
            for line in (lines if isinstance(lines, list) else [])
            if isinstance(line, dict)
        )

    def _beside(self, component: Component, choice: Component | None, row: int) -> Node:
        """A field of a row that is shown, by style alone, for those choices that call for it."""
        options = self._entry(choice, row).options if choice else ()
        key = choice.path[0] if choice else ""
        needed = [
            f"when-{place}"
            for place, option in enumerate(options)
            if not self.answers.would_hide(component, row, {key: option.value})
        ]
        return replace(self.node(component, row), when=" ".join(needed))

    def _table(self, node: Node, component: Component) -> Node:
        columns = component.table.columns if component.table else ()
        found = node.entry.value if isinstance(node.entry.value, list) else []
        contexts = [row for row in found if isinstance(row, dict)][:_MAX_TABLE_ROWS]
        cells = (
            tuple(in_words(value_at(row, column.path), language=self.language) for column in columns)
            for row in contexts
        )
        header = tuple(column.label.read(self.language) for column in columns)
        return replace(node, header=header, cells=tuple(cells))

    def _carry(self, component: Component, row: int | None) -> None:
        """Keep what was typed into a hidden component and all that it holds."""
        for one in component.walk():
            if one.kind == "dynamiclist":
                self._carry_all(f"{one.key}.")
                return
            if one.is_input and (one.number, row) in self.answers.entries:
                name = self._entry(one, row).name
                for ending in ("", KEPT, DATE, TIME):
                    texts = self.answers.fields.get(name + ending, ())
                    self.carried.extend((name + ending, text) for text in texts)

    def _carry_all(self, prefix: str) -> None:
        fields = self.answers.fields.items()
        found = [(name, text) for name, texts in fields for text in texts if name.startswith(prefix)]
        self.carried.extend(found)

    def _shown(self, entry: Entry) -> str:
        if entry.component.kind == "filepicker":
            return ""
        return in_words(entry.value, entry.options, language=self.language)

    def _html(self, component: Component, entry: Entry, row: int | None) -> Markup:
        if component.expression is not None:
            return render_text("{{value}}", lambda _path: self._shown(entry))
        names = self.answers.names_at(component, row)

        def fill(path: str) -> str:
            return in_words(value_at(names, tuple(path.split("."))), language=self.language)

        return render_text(component.content.read(self.language), fill)

    def _properties(self, component: Component) -> dict[str, str]:
        """The form's own words in the language of the page."""
        own = component.properties
        if self.language != "en":
            return dict(own)
        return {name: own.get(f"{name}_en") or text for name, text in own.items()}

    def _choices(self, entry: Entry) -> Iterator[Choice]:
        chosen = set(entry.typed.texts)
        for option in entry.options:
            yield Choice(
                token=option.token,
                label=option.label.read(self.language),
                is_chosen=option.token in chosen,
                segment=_SEGMENTS.get(option.token, "hold"),
            )

    def _files(self, component: Component, entry: Entry) -> tuple[FileLink, ...]:
        if component.files is None:
            return ()
        numbers = list(dict.fromkeys(entry.typed.uploads))
        kept = numbers if component.files.multiple else numbers[-1:]
        return tuple(self.link_file(number) for number in kept)

    def _moment(self, component: Component, entry: Entry) -> Moment | None:
        if component.moment is None:
            return None
        spec, (day, hour) = component.moment, _typed_moment(entry)
        read_day, read_hour = read_date(day), read_time(hour)
        return Moment(
            subtype=spec.subtype,
            date=write_date(read_day) if read_day else day,
            time=write_time(read_hour) if read_hour else hour,
            date_label="" if spec.date_label == component.label else spec.date_label.read(self.language),
            time_label=spec.time_label.read(self.language),
        )


def _typed_moment(entry: Entry) -> tuple[str, str]:
    """What was typed as date and as time, be it in one field or in two."""
    typed, moment = entry.typed, entry.component.moment
    if typed.date or typed.time or not typed.text or moment is None:
        return typed.date, typed.time
    text = typed.text.strip().replace("T", " ")
    if moment.subtype == "datetime":
        day, _, hour = text.partition(" ")
        return day, hour
    return (text, "") if moment.subtype == "date" else ("", text)


def _is_beside(component: Component, row: Sequence[Component]) -> bool:
    """Whether a component stands in the row: it says so, or neither names a row and the widths fit."""
    if component.row or row[-1].row:
        return component.row == row[-1].row
    widths = [one.columns or GRID for one in (*row, component)]
    return sum(widths) <= GRID


def _is_shown_only(component: Component) -> bool:
    return component.kind in {"text", "expression"} or component.read_only is True


def _widths(components: Sequence[Component]) -> list[int]:
    """Columns of the grid for the components of one row: those without a width share what is left."""
    free = [component for component in components if component.columns is None]
    left = GRID - sum(component.columns or 0 for component in components)
    share = max(1, left // len(free)) if free else 0
    return [component.columns or share for component in components]
