"""Reads one component of a form-js schema into its facts."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Final, Literal, cast, get_args

from engine.forms import choices, names, patterns
from engine.forms.json_text import Json
from engine.forms.members import Members
from engine.forms.model import (
    CHOICE_KINDS,
    MAX_ROWS,
    MAX_TEXT,
    Column,
    Component,
    Files,
    Kind,
    Moment,
    Rows,
    Rules,
    Table,
    Words,
)

KINDS: Final = frozenset(get_args(Kind))
MAX_MARKDOWN: Final = 50_000
_IGNORED: Final = frozenset(
    {
        "$schema",
        "versionTag",
        "spellcheck",
        "searchable",
        "showOutline",
        "disableCollapse",
        "nonCollapsedItems",
    }
    | {
        "use24h",
        "timeSerializingFormat",
        "computeOn",
        "increment",
        "height",
        "isRepeating",
        "rowCount",
        "layout",
    }
)
"""How form-js draws or behaves, which our pages settle in their own way."""


def read_component(members: Members, number: int, kind: Kind) -> Component:
    """Return the facts of a component without its key and its children; problems are noted."""
    members.raw("type")
    layout = members.members("layout")
    label = members.words("label")
    if label.vi.startswith("="):
        members.note("label_expression")
    component = Component(
        number=number,
        kind=kind,
        id=members.element_id or "",
        label=label,
        description=members.words("description"),
        columns=_columns(layout),
        row=layout.text("row"),
        hide=members.members("conditional").expression("hide"),
        properties=_properties(members),
    )
    component = _with_input(component, members) if component.is_input else component
    special = _SPECIAL.get(kind)
    component = special(component, members) if special else component
    members.note_rest(_IGNORED)
    return component


def _columns(layout: Members) -> int | None:
    return _within(layout, "columns", minimum=1, maximum=16)


def _within(members: Members, name: str, *, minimum: int, maximum: int) -> int | None:
    value = members.whole(name)
    if value is None or minimum <= value <= maximum:
        return value
    members.note("out_of_range", name=name, minimum=minimum, maximum=maximum)
    return None


def _properties(members: Members) -> Mapping[str, str]:
    properties = members.members("properties")
    raw = members.raw("properties")
    names_given = list(raw) if isinstance(raw, dict) else []
    return {name: _plain(properties.raw(name)) for name in names_given}


def _plain(value: Json) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | Decimal) else ""


def _with_input(component: Component, members: Members) -> Component:
    """Read what all fields have that a person fills in."""
    appearance = members.members("appearance")
    read_only = members.flag_or_expression("readonly")
    disabled = members.flag_or_expression("disabled")
    component = replace(
        component,
        read_only=read_only or disabled,
        rules=_rules(component, members),
        prefix=appearance.words("prefixAdorner"),
        suffix=appearance.words("suffixAdorner"),
    )
    if component.kind in CHOICE_KINDS:
        component = replace(component, options=choices.read_options(members))
    return replace(component, default=choices.read_default(component, members))


def _rules(component: Component, members: Members) -> Rules:
    validate = members.members("validate")
    rules = Rules(
        required=validate.flag("required"),
        min_length=_within(validate, "minLength", minimum=0, maximum=MAX_TEXT),
        max_length=_max_length(validate),
        minimum=validate.number("min"),
        maximum=validate.number("max"),
        decimal_digits=_within(members, "decimalDigits", minimum=0, maximum=15),
        pattern=_pattern(validate),
        text_type=_text_type(validate),
        no_past_dates=members.flag("disallowPassedDates"),
        messages=_messages(component.properties),
    )
    if _exceeds(rules.min_length, rules.max_length) or _exceeds(rules.minimum, rules.maximum):
        members.note("empty_range")
    validate.note_rest()
    return rules


def _exceeds(least: int | Decimal | None, greatest: int | Decimal | None) -> bool:
    return least is not None and greatest is not None and least > greatest


def _max_length(validate: Members) -> int | None:
    value = validate.whole("maxLength")
    if value is None:
        return None
    if value > MAX_TEXT:
        validate.note("length_capped", limit=MAX_TEXT)
    if value < 0:
        validate.note("out_of_range", name="maxLength", minimum=0, maximum=MAX_TEXT)
    return min(max(value, 0), MAX_TEXT)


def _pattern(validate: Members) -> str:
    pattern = validate.text("pattern")
    problem = patterns.problem_of(pattern)
    if problem:
        validate.note("bad_pattern", why=problem)
    return "" if problem else pattern


def _text_type(validate: Members) -> Literal["", "email", "phone"]:
    text = validate.text("validationType")
    if text in {"", "custom"}:
        return ""
    if text not in {"email", "phone"}:
        validate.note("unsupported", name="validationType", value=text)
        return ""
    return cast("Literal['email', 'phone']", text)


def _messages(properties: Mapping[str, str]) -> dict[str, Words]:
    """Properties ``message_required`` and ``message_required_en`` are a form's own words for an error."""
    prefix = "message_"
    return {
        name.removeprefix(prefix): Words(text, properties.get(f"{name}_en", ""))
        for name, text in properties.items()
        if name.startswith(prefix) and not name.endswith("_en")
    }


def _with_text(component: Component, members: Members) -> Component:
    content = members.words("text")
    for text in (content.vi, content.en):
        if names.has_block(text):
            members.note("template_block")
        if len(text) > MAX_MARKDOWN:
            members.note("text_too_long", limit=MAX_MARKDOWN)
    is_expression = content.vi.lstrip().startswith("=")
    return replace(
        component, content=content, expression=members.expression("text") if is_expression else None
    )


def _with_expression(component: Component, members: Members) -> Component:
    expression = members.expression("expression")
    if not members.text("expression").strip():
        members.note("not_an_expression", name="expression")
    return replace(component, expression=expression)


def _with_moment(component: Component, members: Members) -> Component:
    subtype = members.text("subtype", "date")
    if subtype not in {"date", "time", "datetime"}:
        members.note("unsupported", name="subtype", value=subtype)
        subtype = "date"
    date_label, time_label = members.words("dateLabel"), members.words("timeLabel")
    moment = Moment(
        subtype=cast("Literal['date', 'time', 'datetime']", subtype),
        date_label=date_label,
        time_label=time_label,
        interval_minutes=_within(members, "timeInterval", minimum=1, maximum=720) or 15,
    )
    label = component.label or (time_label if subtype == "time" else date_label)
    return replace(component, moment=moment, label=label)


def _with_files(component: Component, members: Members) -> Component:
    accept = tuple(part.strip().lower() for part in members.text("accept").split(",") if part.strip())
    return replace(component, files=Files(accept=accept, multiple=members.flag("multiple")))


def _with_rows(component: Component, members: Members) -> Component:
    """Least and greatest number of rows stand in the properties ``min_rows`` and ``max_rows``."""
    properties = Members(
        dict(component.properties), members.findings, element_id=members.element_id, key=members.key
    )
    rules = Rules(
        min_rows=_within(properties, "min_rows", minimum=0, maximum=MAX_ROWS) or 0,
        max_rows=_within(properties, "max_rows", minimum=1, maximum=MAX_ROWS) or MAX_ROWS,
        messages=_messages(component.properties),
    )
    if rules.min_rows > rules.max_rows:
        members.note("empty_range")
    count = _within(members, "defaultRepetitions", minimum=0, maximum=MAX_ROWS)
    rows = Rows(
        may_change=members.flag("allowAddRemove", default=True), initial_count=1 if count is None else count
    )
    return replace(component, rules=rules, rows=rows)


def _with_table(component: Component, members: Members) -> Component:
    columns = [
        Column(
            names.read_key(entry.text("key"), members.findings, element_id=members.element_id),
            entry.words("label"),
        )
        for entry in members.objects("columns")
    ]
    if members.raw("columnsExpression"):
        members.note("unsupported", name="columnsExpression", value=members.raw("columnsExpression"))
    source = members.expression("dataSource")
    if source is None:
        members.note("not_an_expression", name="dataSource")
        return component
    return replace(component, table=Table(source=source, columns=tuple(columns)))


_SPECIAL: Final[Mapping[Kind, Callable[[Component, Members], Component]]] = {
    "text": _with_text,
    "expression": _with_expression,
    "datetime": _with_moment,
    "filepicker": _with_files,
    "dynamiclist": _with_rows,
    "table": _with_table,
}
