"""Reads the options and the default value of a field."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from engine import feel
from engine.feel import Value
from engine.forms import names
from engine.forms.members import Members
from engine.forms.model import Component, Kind, Option, OptionSource, Words

_MAX_OPTIONS: Final = 2_000
_DEFAULT_TYPES: Final[Mapping[Kind, type | tuple[type, ...]]] = {
    "checkbox": bool,
    "checklist": list,
    "taglist": list,
    "filepicker": list,
    "radio": (str, bool, Decimal),
    "select": (str, bool, Decimal),
}


def read_options(members: Members) -> OptionSource:
    """Return where the options come from: exactly one of three places."""
    fixed = tuple(_fixed_options(members))
    key = members.text("valuesKey")
    expression = members.expression("valuesExpression")
    has_expression = bool(members.text("valuesExpression").strip())
    given = [bool(members.raw("values")), bool(key), has_expression]
    if sum(given) != 1:
        members.note("options_twice" if any(given) else "options_missing")
    path = names.read_key(key, members.findings, element_id=members.element_id) if key else ()
    return OptionSource(fixed=fixed, key=path, expression=expression)


def _fixed_options(members: Members) -> list[Option]:
    result: list[Option] = []
    tokens: set[str] = set()
    for entry in members.objects("values")[:_MAX_OPTIONS]:
        value = entry.raw("value")
        if isinstance(value, int) and not isinstance(value, bool):
            value = Decimal(value)
        if not isinstance(value, str | bool | Decimal):
            members.note(
                "wrong_type", name="value", wanted_vi="văn bản hoặc số", wanted_en="text or a number"
            )
            continue
        option = Option(value, entry.words("label") or Words(str(value)))
        if option.token in tokens:
            members.note("option_duplicate", value=option.token)
        tokens.add(option.token)
        result.append(option)
    return result


def read_default(component: Component, members: Members) -> Value:
    """Return the value that the field starts with, or null; one that does not suit the field is noted."""
    raw = members.raw("defaultValue")
    if raw is None or raw in ("", []):
        return None
    if component.kind == "number":
        return members.number("defaultValue")
    value = feel.to_feel(raw)
    if isinstance(value, _DEFAULT_TYPES.get(component.kind, str)) and _is_offered(component, value):
        return value
    members.note("bad_default")
    return None


def _is_offered(component: Component, value: Value) -> bool:
    if component.options is None or not component.options.fixed:
        return True
    offered = [option.value for option in component.options.fixed]
    return all(one in offered for one in (value if isinstance(value, list) else [value]))
