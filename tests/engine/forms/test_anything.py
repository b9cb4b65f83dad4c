"""Whatever comes in as a schema or as a request, nothing but problems and errors comes out."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.feel import Environment, Value, from_json, to_json
from engine.forms import ACTION, FormSchemaError, check_schema, parse_schema

KINDS = [
    "textfield", "textarea", "number", "checkbox", "checklist", "radio", "select", "taglist", "datetime",
    "filepicker", "group", "dynamiclist",
    "table", "text", "separator", "spacer", "expression", "button", "html",
]  # fmt: skip
MEMBERS = [
    "key", "path", "id", "label", "values", "valuesKey", "valuesExpression", "defaultValue", "validate",
    "layout", "conditional", "properties", "readonly", "subtype", "text", "expression", "dataSource",
    "columns", "components", "decimalDigits", "timeInterval", "allowAddRemove", "defaultRepetitions",
    "appearance", "accept", "multiple",
]  # fmt: skip
INNER = [*MEMBERS, "required", "min", "max", "pattern", "hide", "row", "value"]
WORDS = st.sampled_from(
    ["a", "b", "a.b", "=a", "=a.b = 1", "=(", "", "{{a}}", "x" * 300, "__x", "this", "1", "-3"]
)
NUMBERS = st.integers(-5, 50) | st.floats(allow_nan=False)
LEAVES = st.none() | st.booleans() | NUMBERS | WORDS | st.text(max_size=8)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner),
    max_leaves=8,
)
COMPONENT = st.recursive(
    st.fixed_dictionaries({"type": st.sampled_from(KINDS)}, optional=dict.fromkeys(MEMBERS, JSON)),
    lambda inner: st.fixed_dictionaries(
        {"type": st.sampled_from(["group", "dynamiclist"]), "components": st.lists(inner, max_size=3)},
        optional={"path": WORDS, "key": WORDS},
    ),
    max_leaves=5,
)
SLOW = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@SLOW
@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    check_schema(content)


@SLOW
@given(st.lists(COMPONENT, max_size=4))
def test_no_components_break_the_reader_or_an_empty_page(components: list[Any]) -> None:
    content = json.dumps({"id": "f", "components": components}).encode()
    if any(problem.severity == "error" for problem in check_schema(content)):
        with pytest.raises(FormSchemaError):
            parse_schema(content)
        return

    form = parse_schema(content)
    form.open(initial={}, environment=Environment())


FORM = parse_schema(
    json.dumps(
        {
            "id": "f",
            "components": [
                {"type": "textfield", "key": "a"},
                {"type": "number", "key": "b.c"},
                {"type": "datetime", "key": "d", "subtype": "datetime"},
                {"type": "filepicker", "key": "e", "multiple": True},
                {"type": "select", "key": "g", "valuesExpression": "=a"},
                {"type": "dynamiclist", "path": "h", "components": [{"type": "textfield", "key": "a"}]},
            ],
        }
    ).encode()
)
NAMES = [
    "a", "b.c", "d", "d.date", "d.time", "e", "e.kept", "e.shown", "g", "h", "h.rows", "h.0.a", "h.0.seal",
    "h.99999.a", "h.-1.a", "", ".shown", ".", "a.shown", ACTION,
]  # fmt: skip
TEXTS = st.text(max_size=12) | st.sampled_from(
    ["1", "0", "9" * 30, "2026-11-23", "24:00", "add:h", "remove:h.0", "remove:h", "٣", "\x00"]
)
FIELDS = st.dictionaries(st.sampled_from(NAMES), st.lists(TEXTS, max_size=3))
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.none() | st.booleans() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner),
    max_leaves=6,
)


@SLOW
@given(FIELDS, st.dictionaries(st.sampled_from("abcdegh"), VALUES))
def test_no_request_breaks_the_answers_and_all_of_them_can_be_stored(
    fields: dict[str, list[str]], initial: dict[str, Value]
) -> None:
    for read in (FORM.parse, FORM.change_rows):
        answers = read(fields, initial=initial, environment=Environment())

        assert set(answers.values) <= FORM.keys
        if not answers.errors:
            assert from_json(to_json(answers.values)) == answers.values
