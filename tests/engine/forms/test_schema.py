"""What a form may say, and how what it may not say is named."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.forms import FormSchemaError, check_schema, parse_schema

MakeSchema = Callable[..., bytes]


def text(key: str, **members: object) -> dict[str, Any]:
    return {"type": "textfield", "id": f"F_{key.encode().hex()}", "key": key, "label": key, **members}


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("unknown_component", {"type": "html", "id": "F_h", "content": "<b>x</b>"}),
    ("unknown_component", {"type": "button", "id": "F_b", "action": "reset"}),
    ("unknown_component", {"type": "image", "id": "F_i", "source": "https://canary.invalid/a.png"}),
    ("unknown_component", {"type": "documentPreview", "id": "F_d"}),
    ("key_missing", {"type": "textfield", "id": "F_a", "label": "A"}),
    ("bad_key", text("a b")),
    ("bad_key", text("a.0")),
    ("reserved_key", text("__class__")),
    ("reserved_key", text("csrf_token")),
    ("reserved_key", text("null")),
    ("bad_id", text("a", id="F a")),
    ("bad_expression", text("a", conditional={"hide": "=nope(1)"})),
    ("not_an_expression", text("a", conditional={"hide": "b = 1"})),
    ("not_an_expression", {"type": "expression", "id": "F_e", "key": "e"}),
    ("bad_pattern", text("a", validate={"pattern": "(?=x)"})),
    ("empty_range", text("a", validate={"minLength": 5, "maxLength": 2})),
    ("empty_range", {"type": "number", "key": "n", "validate": {"min": 5, "max": 2}}),
    ("out_of_range", text("a", layout={"columns": 17, "row": "r"})),
    ("options_missing", {"type": "radio", "id": "F_r", "key": "r"}),
    (
        "options_twice",
        {"type": "select", "key": "r", "values": [{"label": "A", "value": "a"}], "valuesKey": "b"},
    ),
    (
        "bad_default",
        {"type": "radio", "key": "r", "values": [{"label": "A", "value": "a"}], "defaultValue": "b"},
    ),
    ("bad_default", text("a", defaultValue=True)),
    ("wrong_type", text("a", validate=[])),
    ("wrong_type", text("a", label=5)),
    ("unsupported", text("a", validate={"validationType": "iban"})),
    ("template_block", {"type": "text", "text": "{{#loop a}}x{{/loop}}"}),
    ("not_an_expression", {"type": "table", "id": "F_t", "columns": []}),
]


@pytest.mark.parametrize(("code", "component"), REFUSED)
def test_what_cannot_be_used_is_an_error_with_its_element(
    make_schema: MakeSchema, code: str, component: dict[str, Any]
) -> None:
    problems = check_schema(make_schema(component))

    found = [problem for problem in problems if problem.severity == "error"]
    assert [problem.code for problem in found] == [code]
    assert found[0].element_id == component.get("id")
    assert found[0].message_vi
    assert found[0].message_en


def test_all_problems_are_named_at_once(make_schema: MakeSchema) -> None:
    content = make_schema(
        text("a", conditional={"hide": "=("}), text("a", id="F_b"), {"type": "iframe", "id": "F_c"}
    )

    assert [problem.code for problem in check_schema(content)] == [
        "bad_expression",
        "key_duplicate",
        "unknown_component",
    ]


def test_a_form_with_errors_is_not_parsed(make_schema: MakeSchema) -> None:
    with pytest.raises(FormSchemaError) as caught:
        parse_schema(make_schema(text("a"), text("a", id="F_b")))

    assert [problem.code for problem in caught.value.problems] == ["key_duplicate"]


def test_a_key_that_is_the_beginning_of_another_is_refused(make_schema: MakeSchema) -> None:
    for keys in (("a", "a.b"), ("a.b", "a")):
        components = [text(key, id=f"F{number}") for number, key in enumerate(keys)]
        assert [problem.code for problem in check_schema(make_schema(*components))] == ["key_shadowed"]


def test_keys_of_a_list_and_of_the_form_do_not_collide(make_schema: MakeSchema) -> None:
    rows = {"type": "dynamiclist", "path": "rows", "components": [text("name", id="F_row")]}

    assert check_schema(make_schema(text("name"), rows)) == []


def test_a_list_in_a_list_is_refused(make_schema: MakeSchema) -> None:
    inner: dict[str, Any] = {"type": "dynamiclist", "id": "L2", "path": "inner", "components": []}
    group: dict[str, Any] = {"type": "group", "components": [inner]}
    outer: dict[str, Any] = {"type": "dynamiclist", "id": "L1", "path": "outer", "components": [group]}

    assert [(problem.code, problem.element_id) for problem in check_schema(make_schema(outer))] == [
        ("nested_list", "L2")
    ]


@pytest.mark.parametrize(
    "hides",
    [("a = null",), ("b = null", "a = null"), ("b = 1", "c = 1", "a = 1")],
    ids=["itself", "each other", "ring"],
)
def test_conditions_that_read_one_another_in_a_circle_are_refused(
    make_schema: MakeSchema, hides: tuple[str, ...]
) -> None:
    components = [text("abc"[place], conditional={"hide": f"={hide}"}) for place, hide in enumerate(hides)]

    assert [problem.code for problem in check_schema(make_schema(*components))] == ["condition_cycle"]


def test_a_computed_field_is_part_of_a_circle(make_schema: MakeSchema) -> None:
    total = {"type": "expression", "key": "total", "expression": "=a + 1"}

    content = make_schema(text("a", conditional={"hide": "=total > 3"}), total)

    assert [problem.code for problem in check_schema(content)] == ["condition_cycle"]


def test_a_read_only_field_may_hide_by_its_own_value(make_schema: MakeSchema) -> None:
    content = make_schema(text("reason", readonly=True, conditional={"hide": "=reason = null"}))

    assert check_schema(content) == []


def test_a_submit_button_is_left_to_the_page(make_schema: MakeSchema) -> None:
    button = {"type": "button", "action": "submit", "label": "Gửi hồ sơ", "label_en": "Send the dossier"}
    form = parse_schema(make_schema(text("a"), button))

    assert [component.kind for component in form.all_components] == ["textfield"]
    assert (form.submit.read("vi"), form.submit.read("en")) == ("Gửi hồ sơ", "Send the dossier")


def test_members_that_nobody_uses_are_noted(make_schema: MakeSchema) -> None:
    problems = check_schema(make_schema(text("a", onclick="alert(1)")))

    assert [(problem.severity, problem.code) for problem in problems] == [("note", "unknown_member")]
    assert "onclick" in problems[0].message_en


def test_groups_put_their_path_in_front_of_the_keys(make_schema: MakeSchema) -> None:
    form = parse_schema(make_schema({"type": "group", "path": "person", "components": [text("name")]}))

    assert [component.key for component in form.all_components] == ["person", "person.name"]
    assert form.keys == {"person"}


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[" * 5_000, b'{"components": {}}', b"\xff\xfe{}", b"9" * 9_999, b'{"components": [1e999]}'],
)
def test_what_is_no_form_is_said_so_without_a_crash(content: bytes) -> None:
    assert any(problem.severity == "error" for problem in check_schema(content))


def test_problems_quote_hostile_text_short_and_printable(make_schema: MakeSchema) -> None:
    problems = check_schema(make_schema({"type": "\x1b[2J" + "x" * 5_000, "id": "F_x"}))

    assert "\x1b" not in problems[0].message_en
    assert len(problems[0].message_en) < 200
