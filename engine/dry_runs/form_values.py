"""Makes up what a form source would give: read-only facts, rows, tables and lists of options."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from engine.clock import CITY_ZONE
from engine.dry_runs.samples import Stock, candidates
from engine.dry_runs.shapes import Shape
from engine.feel import Value
from engine.forms import Component, Form
from engine.forms.evaluation import put
from engine.forms.names import split_text

_ROWS: Final = 2


def make_up_form_values(
    form: Form, variables: Mapping[str, Value], shapes: Mapping[str, Shape], stock: Stock, *, english: bool
) -> dict[str, Value]:
    """Return what the form shows and reads that neither the variables nor the person give."""
    values: dict[str, Value] = {}
    for component in form.all_components:
        shown = _shown if component.list_number is None else _offered
        for path, value in shown(component, english=english, stock=stock):
            if path[0] not in variables:
                put(values, path, value)
    typed = {name for name in form.keys if name not in values}
    for name in sorted(_names(form) - typed - values.keys() - variables.keys()):
        values[name] = candidates(name, shapes.get(name, Shape()), stock)[0]
    return values


def _shown(component: Component, *, english: bool, stock: Stock) -> Iterator[tuple[tuple[str, ...], Value]]:
    """What one component shows without being asked: a fact, rows that stand fixed, options."""
    if component.is_input and component.read_only is True and component.path:
        yield component.path, _fact(component, 0, english=english, stock=stock)
    if component.rows is not None and not component.rows.may_change:
        yield component.path, [_row(component, n, english=english, stock=stock) for n in range(1, _ROWS + 1)]
    yield from _offered(component, english=english, stock=stock)


def _offered(component: Component, *, english: bool, stock: Stock) -> Iterator[tuple[tuple[str, ...], Value]]:
    """The options of a component; those of a row are given once, beside the list."""
    del stock
    if component.options is not None and component.options.key:
        yield component.options.key, [_option(number, english=english) for number in (1, 2)]


def _row(component: Component, number: int, *, english: bool, stock: Stock) -> Value:
    row: dict[str, Value] = {}
    for child in component.walk():
        if child.list_number == component.number and child.is_input and child.read_only is True:
            put(row, child.path, _fact(child, number, english=english, stock=stock))
    return row


def _fact(component: Component, number: int, *, english: bool, stock: Stock) -> Value:
    match component.kind:
        case "number":
            return Decimal(number or 1)
        case "checkbox":
            return True
        case "datetime":
            return stock.now.astimezone(CITY_ZONE).date()
        case "filepicker" | "checklist" | "taglist":
            return []
        case "radio" | "select" if component.options is not None and component.options.fixed:
            return component.options.fixed[0].value
        case _:
            label = component.label.read("en" if english else "vi") or component.key
            return f"{label} {number}".strip() if number else label


def _option(number: int, *, english: bool) -> Value:
    word = "Sample" if english else "Mẫu"
    return {"value": f"sample_{number}", "label": f"{word} {number}"}


def _names(form: Form) -> set[str]:
    """All names that the form reads."""
    found: set[str] = set()
    for component in form.all_components:
        table, options = component.table, component.options
        expressions = [component.hide, component.expression, table.source if table else None]
        expressions += [options.expression if options else None]
        expressions += [None if isinstance(component.read_only, bool) else component.read_only]
        found |= {name for one in expressions if one is not None for name in one.names - one.filter_names}
        for text in (component.content.vi, component.content.en):
            found |= {path.split(".")[0] for path in split_text(text)[1::2]}
    return found - {"item", "this", "parent", "i"} - _row_names(form)


def _row_names(form: Form) -> set[str]:
    """Names that belong to rows: they are read in lists, where their rows give them."""
    return {c.path[0] for c in form.all_components if c.list_number is not None and c.path}
