"""From what a browser sends to values, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

import pytest

from engine.clock import CITY_ZONE
from engine.feel import Environment, Value
from engine.forms import Answers, Form

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ENVIRONMENT = Environment(now=NOW)


class FormMaker(Protocol):
    """Makes a form of components."""

    def __call__(self, *components: dict[str, Any]) -> Form:
        """Return the form."""
        ...


def field(kind: str, key: str = "a", **members: object) -> dict[str, Any]:
    return {"type": kind, "id": f"F_{key}", "key": key, "label": key, **members}


def choices(*values: str) -> list[dict[str, str]]:
    return [{"label": value.upper(), "value": value} for value in values]


def parse(
    form: Form,
    fields: Mapping[str, Sequence[str]],
    initial: Mapping[str, Value] | None = None,
    uploads: Mapping[str, Sequence[int]] | None = None,
) -> Answers:
    return form.parse(fields, uploads, initial=initial or {}, environment=ENVIRONMENT)


def codes(answers: Answers) -> dict[str, str]:
    return {name: error.code for name, error in answers.errors.items()}


READ: list[tuple[dict[str, Any], dict[str, list[str]], Value]] = [
    (field("textfield"), {"a": ["  Nguyê\u0303n  "]}, "Nguyễn"),
    (field("textfield"), {"a": ["   "]}, None),
    (field("textfield"), {}, None),
    (field("textarea"), {"a": ["một\r\nhai\n"]}, "một\nhai"),
    (field("number"), {"a": ["1.500.000,5"]}, Decimal("1500000.5")),
    (field("number"), {"a": [""]}, None),
    (field("checkbox"), {"a": ["on"]}, True),
    (field("checkbox"), {"a.shown": ["1"]}, False),
    (field("radio", values=choices("x", "y")), {"a": ["y"]}, "y"),
    (field("radio", values=[{"label": "Hai", "value": 2}]), {"a": ["2"]}, Decimal(2)),
    (field("select", values=choices("x", "y")), {"a": [""]}, None),
    (field("checklist", values=choices("x", "y", "z")), {"a": ["z", "x"]}, ["x", "z"]),
    (field("taglist", values=choices("x", "y")), {"a.shown": ["1"]}, []),
    (field("datetime", subtype="date"), {"a": ["23/11/2026"]}, date(2026, 11, 23)),
    (field("datetime", subtype="date"), {"a.date": ["2026-11-23"]}, date(2026, 11, 23)),
    (field("datetime", subtype="time"), {"a.time": ["9h05"]}, time(9, 5)),
    (
        field("datetime", subtype="datetime"),
        {"a.date": ["2026-11-23"], "a.time": ["17:00"]},
        datetime(2026, 11, 23, 17, 0, tzinfo=CITY_ZONE),
    ),
    (field("textfield", key="a.b"), {"a.b": ["x"]}, {"b": "x"}),
]


@pytest.mark.parametrize(("component", "fields", "expected"), READ)
def test_what_is_typed_becomes_a_value(
    make_form: FormMaker, component: dict[str, Any], fields: dict[str, list[str]], expected: Value
) -> None:
    answers = parse(make_form(component), fields)

    assert answers.errors == {}
    assert answers.values == {"a": expected}


WRONG = [
    ("required", field("textfield", validate={"required": True}), {"a": ["  "]}),
    ("required", field("checkbox", validate={"required": True}), {"a.shown": ["1"]}),
    ("required", field("checklist", values=choices("x"), validate={"required": True}), {"a.shown": ["1"]}),
    ("file_missing", field("filepicker", validate={"required": True}), {"a.shown": ["1"]}),
    ("too_short", field("textfield", validate={"minLength": 3}), {"a": ["ab"]}),
    ("too_long", field("textfield", validate={"maxLength": 3}), {"a": ["abcd"]}),
    ("too_long", field("textarea"), {"a": ["x" * 20_001]}),
    ("bad_text", field("textfield"), {"a": ["a\x00b"]}),
    ("bad_text", field("textfield"), {"a": ["a\nb"]}),
    ("bad_text", field("textarea"), {"a": ["a\u202eb"]}),
    ("pattern", field("textfield", validate={"pattern": "^[A-Z]+$"}), {"a": ["abc"]}),
    ("not_an_email", field("textfield", validate={"validationType": "email"}), {"a": ["a@b"]}),
    ("not_a_phone", field("textfield", validate={"validationType": "phone"}), {"a": ["12"]}),
    ("not_a_number", field("number"), {"a": ["1e5"]}),
    ("not_a_number", field("number"), {"a": ["NaN"]}),
    ("not_a_number", field("number"), {"a": ["9" * 40]}),
    ("too_small", field("number", validate={"min": 2}), {"a": ["1"]}),
    ("too_big", field("number", validate={"max": 2}), {"a": ["2,5"]}),
    ("too_many_decimals", field("number", decimalDigits=1), {"a": ["2,25"]}),
    ("not_an_option", field("radio", values=choices("x")), {"a": ["y"]}),
    ("not_an_option", field("checklist", values=choices("x")), {"a": ["x", "y"]}),
    ("not_a_date", field("datetime", subtype="date"), {"a": ["31/02/2026"]}),
    ("not_a_time", field("datetime", subtype="time"), {"a": ["25:00"]}),
    ("date_and_time", field("datetime", subtype="datetime"), {"a.date": ["2026-11-23"], "a.time": [""]}),
    ("past_date", field("datetime", subtype="date", disallowPassedDates=True), {"a": ["22/11/2026"]}),
]


@pytest.mark.parametrize(("code", "component", "fields"), WRONG)
def test_what_breaks_a_rule_is_an_error_and_stays_typed(
    make_form: FormMaker, code: str, component: dict[str, Any], fields: dict[str, list[str]]
) -> None:
    answers = parse(make_form(component), fields)

    assert codes(answers) == {"a": code}
    assert answers.fields == fields


def test_today_is_not_past(make_form: FormMaker) -> None:
    form = make_form(field("datetime", subtype="date", disallowPassedDates=True))

    assert parse(form, {"a": ["23/11/2026"]}).errors == {}


def test_the_form_may_say_an_error_in_its_own_words(make_form: FormMaker) -> None:
    properties = {"message_required": "Nêu lý do.", "message_required_en": "Give the reason."}
    form = make_form(field("textfield", validate={"required": True}, properties=properties))

    message = parse(form, {"a": [""]}).errors["a"].message

    assert message is not None
    assert (message.read("vi"), message.read("en")) == ("Nêu lý do.", "Give the reason.")


def test_a_hidden_field_is_dropped_and_not_checked(make_form: FormMaker) -> None:
    reason = field(
        "textarea", "reason", validate={"required": True}, conditional={"hide": '=verdict != "reject"'}
    )
    form = make_form(field("radio", "verdict", values=choices("accept", "reject")), reason)

    hidden = parse(form, {"verdict": ["accept"], "reason": ["cũ"]}, {"reason": "cũ"})
    shown = parse(form, {"verdict": ["reject"], "reason": [""]})

    assert (hidden.values, hidden.errors) == ({"verdict": "accept"}, {})
    assert codes(shown) == {"reason": "required"}


def test_only_true_hides(make_form: FormMaker) -> None:
    form = make_form(field("textfield", conditional={"hide": "=unknown_name"}))

    assert parse(form, {"a": ["x"]}).values == {"a": "x"}


def test_conditions_follow_one_another_whatever_their_order(make_form: FormMaker) -> None:
    form = make_form(
        field("textfield", "a", conditional={"hide": "=b = null"}),
        field("textfield", "b", conditional={"hide": "=c = null"}),
        field("textfield", "c"),
    )

    assert parse(form, {"a": ["1"], "b": ["2"], "c": [""]}).values == {"c": None}


def test_a_hidden_group_hides_what_it_holds(make_form: FormMaker) -> None:
    group = {"type": "group", "conditional": {"hide": "=true"}, "components": [field("textfield", "b")]}

    assert parse(make_form(field("textfield"), group), {"a": ["x"], "b": ["y"]}).values == {"a": "x"}


@pytest.mark.parametrize("members", [{"readonly": True}, {"disabled": True}, {"readonly": "=locked"}])
def test_a_read_only_field_is_never_taken_from_the_request(
    make_form: FormMaker, members: dict[str, Any]
) -> None:
    form = make_form(field("textfield", **members))

    answers = parse(form, {"a": ["forged"]}, {"a": "kept", "locked": True})

    assert answers.values == {"a": "kept"}


def test_no_other_key_reaches_the_answers(make_form: FormMaker) -> None:
    answers = parse(make_form(field("textfield")), {"a": ["x"], "role": ["chairman"]}, {"role": "clerk"})

    assert answers.values == {"a": "x"}


def test_a_computed_field_is_computed_by_the_server(make_form: FormMaker) -> None:
    form = make_form(
        {"type": "expression", "key": "total", "expression": "=count * price"}, field("number", "count")
    )

    answers = parse(form, {"count": ["3"], "total": ["1"]}, {"price": Decimal(2530000)})

    assert answers.values == {"count": Decimal(3), "total": Decimal(7590000)}


def test_what_cannot_be_computed_within_limits_is_an_error(make_form: FormMaker) -> None:
    form = make_form(
        {"type": "expression", "key": "total", "expression": "=sum(for i in 1..1000000000 return i)"}
    )

    assert codes(parse(form, {})) == {"total": "not_computed"}


def test_options_are_worked_out_again_when_handed_in(make_form: FormMaker) -> None:
    award = field("select", "award", valuesExpression="=awards[kind = chosen]")
    form = make_form(field("radio", "chosen", values=choices("x", "y")), award)
    awards: list[Value] = [
        {"value": "one", "label": "Một", "kind": "x"},
        {"value": "two", "label": "Hai", "kind": "y"},
    ]

    right = parse(form, {"chosen": ["x"], "award": ["one"]}, {"awards": awards})
    wrong = parse(form, {"chosen": ["y"], "award": ["one"]}, {"awards": awards})

    assert right.values["award"] == "one"
    assert codes(wrong) == {"award": "not_an_option"}


def test_options_may_come_from_a_variable(make_form: FormMaker) -> None:
    form = make_form(field("select", valuesKey="lists.rounds"))

    answers = parse(form, {"a": ["2026"]}, {"lists": {"rounds": ["2025", "2026"]}})

    assert answers.values == {"a": "2026"}


def test_a_form_opens_with_prefilled_and_default_values_and_no_errors(make_form: FormMaker) -> None:
    form = make_form(
        field("textfield", "a", validate={"required": True}),
        field("textfield", "b", defaultValue="mặc định"),
        field("datetime", "c", subtype="date"),
    )

    answers = form.open(initial={"c": date(2026, 11, 23)}, environment=ENVIRONMENT)

    assert answers.errors == {}
    assert answers.values == {"a": None, "b": "mặc định", "c": date(2026, 11, 23)}


def test_a_draft_lies_over_what_is_prefilled(make_form: FormMaker) -> None:
    form = make_form(field("textfield", "a"), field("textfield", "b"))

    answers = form.open(initial={"a": "1", "b": "2"}, environment=ENVIRONMENT, draft={"a": [""]})

    assert answers.values == {"a": None, "b": "2"}


def test_an_empty_required_field_with_a_default_stays_empty(make_form: FormMaker) -> None:
    form = make_form(field("textfield", defaultValue="x", validate={"required": True}))

    assert codes(parse(form, {"a": [""]})) == {"a": "required"}


def test_stored_files_count_and_kept_ones_must_be_allowed(make_form: FormMaker) -> None:
    form = make_form(field("filepicker", multiple=True))

    def answers(fields: dict[str, list[str]], initial: dict[str, Value]) -> Answers:
        return form.parse(
            fields,
            {"a": [7]},
            initial=initial,
            environment=ENVIRONMENT,
            may_use_upload=lambda number: number == 5,
        )

    assert answers({"a.kept": ["3", "5"]}, {"a": [Decimal(3)]}).values == {
        "a": [Decimal(3), Decimal(5), Decimal(7)]
    }
    assert codes(answers({"a.kept": ["4"]}, {})) == {"a": "file_unknown"}


def test_a_file_of_somebody_else_is_not_even_shown(make_form: FormMaker) -> None:
    form = make_form(field("filepicker", multiple=True))

    answers = parse(form, {"a.kept": ["4"]})

    assert codes(answers) == {"a": "file_unknown"}
    assert [entry.typed.uploads for entry in answers.entries.values()] == [()]


def test_a_new_file_takes_the_place_of_the_one_before(make_form: FormMaker) -> None:
    answers = parse(make_form(field("filepicker")), {"a.kept": ["3"]}, {"a": [Decimal(3)]}, {"a": [7]})

    assert answers.values == {"a": [Decimal(7)]}
    assert answers.fields == {"a.kept": ["3", "7"]}


def test_a_page_of_costly_expressions_ends_soon(make_form: FormMaker) -> None:
    costly = "=sum(for i in 1..1000000 return i)"
    form = make_form(*({"type": "expression", "key": f"k{n}", "expression": costly} for n in range(200)))

    answers = parse(form, {})

    assert set(codes(answers).values()) == {"not_computed"}
