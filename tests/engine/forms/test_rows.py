"""Lists of a form: rows added and removed, rows of the server, rows that changed meanwhile."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from engine.feel import Environment, Value
from engine.forms import ACTION, Answers, Form

ENVIRONMENT = Environment()


class FormMaker(Protocol):
    """Makes a form of components."""

    def __call__(self, *components: dict[str, Any]) -> Form:
        """Return the form."""
        ...


def nominees(*components: dict[str, Any], **members: object) -> dict[str, Any]:
    return {"type": "dynamiclist", "id": "L", "path": "nominees", "components": components, **members}


NAME = {"type": "textfield", "key": "name", "validate": {"required": True}}
SHOWN_NAME = {"type": "textfield", "key": "name", "readonly": True}
VERDICT = {
    "type": "radio",
    "key": "verdict",
    "values": [{"label": "Đồng ý", "value": "agree"}, {"label": "Không", "value": "reject"}],
    "validate": {"required": True},
}
REASON = {
    "type": "textarea",
    "key": "reason",
    "validate": {"required": True},
    "conditional": {"hide": '=verdict = "agree"'},
}
PEOPLE: dict[str, Value] = {"nominees": [{"id": "1", "name": "Bình"}, {"id": "2", "name": "Khánh"}]}


def parse(
    form: Form, fields: Mapping[str, Sequence[str]], initial: Mapping[str, Value] | None = None
) -> Answers:
    return form.parse(fields, initial=initial or {}, environment=ENVIRONMENT)


def sent(answers: Answers, **typed: str) -> dict[str, list[str]]:
    """What a browser sends back for the page, with some fields typed (``row_key``)."""
    state = answers.lists[0]
    fields = {f"{state.name}.rows": ["", *map(str, state.numbers)]}
    fields.update({f"{state.name}.{row}.seal": [seal] for row, seal in state.seals.items()})
    fields.update({f"{state.name}.{place.replace('_', '.')}": [text] for place, text in typed.items()})
    return fields


def test_rows_become_a_list_of_contexts(make_form: FormMaker) -> None:
    answers = parse(make_form(nominees(NAME)), {"nominees.0.name": ["Bình"], "nominees.1.name": ["Khánh"]})

    assert answers.values == {"nominees": [{"name": "Bình"}, {"name": "Khánh"}]}


def test_an_error_names_its_row(make_form: FormMaker) -> None:
    answers = parse(make_form(nominees(NAME)), {"nominees.0.name": ["Bình"], "nominees.1.name": [""]})

    assert {name: error.code for name, error in answers.errors.items()} == {"nominees.1.name": "required"}


def test_a_new_list_opens_with_its_first_row(make_form: FormMaker) -> None:
    form = make_form(nominees(NAME, defaultRepetitions=2))

    assert form.open(initial={}, environment=ENVIRONMENT).lists[0].numbers == (0, 1)


def test_buttons_add_and_remove_rows_and_keep_what_was_typed(make_form: FormMaker) -> None:
    form = make_form(nominees(NAME))
    fields = {"nominees.0.name": ["Bình"], "nominees.1.name": ["Khánh"], "nominees.rows": ["", "0", "1"]}

    more = form.change_rows({**fields, ACTION: ["add:nominees"]}, initial={}, environment=ENVIRONMENT)
    less = form.change_rows(
        {**more.fields, ACTION: ["remove:nominees.0"]}, initial={}, environment=ENVIRONMENT
    )

    assert more.values == {"nominees": [{"name": "Bình"}, {"name": "Khánh"}, {"name": None}]}
    assert less.values == {"nominees": [{"name": "Khánh"}, {"name": None}]}


def test_all_rows_may_be_removed(make_form: FormMaker) -> None:
    assert parse(make_form(nominees(NAME)), {"nominees.rows": [""]}).values == {"nominees": []}


def test_a_removed_row_of_the_server_does_not_come_back(make_form: FormMaker) -> None:
    form = make_form(nominees(NAME))
    page = form.open(initial=PEOPLE, environment=ENVIRONMENT)
    fields = sent(page, **{"0_name": "Bình", "1_name": "Khánh"})

    less = form.change_rows(
        {**fields, ACTION: ["remove:nominees.1"]}, initial=PEOPLE, environment=ENVIRONMENT
    )
    more = form.change_rows(
        {**less.fields, ACTION: ["add:nominees"]}, initial=PEOPLE, environment=ENVIRONMENT
    )

    assert more.values == {"nominees": [{"id": "1", "name": "Bình"}, {"name": None}]}


def test_too_few_and_too_many_rows_are_errors(make_form: FormMaker) -> None:
    form = make_form(nominees(NAME, properties={"min_rows": "1", "max_rows": "2"}))
    three = {f"nominees.{row}.name": ["x"] for row in range(3)}

    assert parse(form, {"nominees.rows": [""]}).errors["nominees"].code == "too_few_rows"
    assert parse(form, three).errors["nominees"].code == "too_many_rows"


def test_the_button_adds_no_row_beyond_the_greatest_number(make_form: FormMaker) -> None:
    form = make_form(nominees(NAME, properties={"max_rows": "1"}))

    answers = form.change_rows(
        {"nominees.0.name": ["x"], ACTION: ["add:nominees"]}, initial={}, environment=ENVIRONMENT
    )

    assert answers.lists[0].numbers == (0,)


def test_fixed_rows_are_the_servers_and_so_are_their_read_only_cells(make_form: FormMaker) -> None:
    form = make_form(nominees(SHOWN_NAME, VERDICT, allowAddRemove=False))
    forged = {
        "nominees.0.verdict": ["agree"],
        "nominees.0.name": ["Forged"],
        "nominees.1.verdict": ["reject"],
        "nominees.2.verdict": ["agree"],
    }

    answers = parse(form, forged, PEOPLE)

    assert answers.values == {
        "nominees": [
            {"id": "1", "name": "Bình", "verdict": "agree"},
            {"id": "2", "name": "Khánh", "verdict": "reject"},
        ]
    }


def test_conditions_of_a_row_read_the_row(make_form: FormMaker) -> None:
    form = make_form(nominees(SHOWN_NAME, VERDICT, REASON, allowAddRemove=False))

    answers = parse(
        form,
        {"nominees.0.verdict": ["agree"], "nominees.1.verdict": ["reject"], "nominees.1.reason": [""]},
        PEOPLE,
    )

    assert {name: error.code for name, error in answers.errors.items()} == {"nominees.1.reason": "required"}
    assert answers.values["nominees"] == [
        {"id": "1", "name": "Bình", "verdict": "agree"},
        {"id": "2", "name": "Khánh", "verdict": "reject", "reason": None},
    ]


def test_conditions_reach_row_parent_and_position(make_form: FormMaker) -> None:
    first_only = {
        "type": "textfield",
        "key": "note",
        "conditional": {"hide": "=i > 1 or this.name = parent.who"},
    }
    form = make_form({"type": "textfield", "key": "who"}, nominees(NAME, first_only))

    answers = parse(form, {"who": ["x"], "nominees.0.name": ["y"], "nominees.1.name": ["y"]})

    assert answers.values["nominees"] == [{"name": "y", "note": None}, {"name": "y"}]


def test_what_stands_outside_a_list_may_read_all_its_rows(make_form: FormMaker) -> None:
    total = {"type": "expression", "key": "agreed", "expression": '=count(nominees[verdict = "agree"])'}
    form = make_form(total, nominees(SHOWN_NAME, VERDICT, allowAddRemove=False))

    answers = parse(form, {"nominees.0.verdict": ["agree"], "nominees.1.verdict": ["agree"]}, PEOPLE)

    assert answers.values["agreed"] == 2


def test_answers_follow_their_row_when_the_servers_list_has_moved(make_form: FormMaker) -> None:
    form = make_form(nominees(SHOWN_NAME, VERDICT, allowAddRemove=False))
    page = form.open(initial=PEOPLE, environment=ENVIRONMENT)
    fields = sent(page, **{"0_verdict": "agree", "1_verdict": "reject"})
    later: dict[str, Value] = {
        "nominees": [{"id": "3", "name": "Nam"}, {"id": "1", "name": "Bình"}, {"id": "2", "name": "Khánh"}]
    }

    answers = parse(form, fields, later)

    assert answers.errors["nominees"].code == "rows_changed"
    assert answers.values["nominees"] == [
        {"id": "3", "name": "Nam", "verdict": None},
        {"id": "1", "name": "Bình", "verdict": "agree"},
        {"id": "2", "name": "Khánh", "verdict": "reject"},
    ]


def test_a_row_that_is_gone_takes_its_answer_with_it(make_form: FormMaker) -> None:
    form = make_form(nominees(SHOWN_NAME, VERDICT, allowAddRemove=False))
    page = form.open(initial=PEOPLE, environment=ENVIRONMENT)
    fields = sent(page, **{"0_verdict": "reject", "1_verdict": "agree"})

    answers = parse(form, fields, {"nominees": [{"id": "2", "name": "Khánh"}]})

    assert answers.errors["nominees"].code == "rows_changed"
    assert answers.values["nominees"] == [{"id": "2", "name": "Khánh", "verdict": "agree"}]


def test_a_hidden_list_is_dropped(make_form: FormMaker) -> None:
    form = make_form(nominees(NAME, conditional={"hide": "=true"}))

    assert parse(form, {"nominees.0.name": ["x"]}).values == {}


def test_a_request_cannot_make_rows_without_end(make_form: FormMaker) -> None:
    answers = parse(make_form(nominees(NAME)), {"nominees.rows": [str(row) for row in range(5_000)]})

    assert len(answers.lists[0].numbers) == 500


def test_files_of_rows_are_found_by_name(make_form: FormMaker) -> None:
    form = make_form(
        {"type": "filepicker", "key": "letter"}, nominees({"type": "filepicker", "key": "report"})
    )

    names = ["letter", "nominees.0.report", "nominees.x.report", "report", "other"]

    assert [name for name, _ in form.file_fields(names)] == ["letter", "nominees.0.report"]


def test_a_row_that_came_while_the_page_was_open_is_told(make_form: FormMaker) -> None:
    form = make_form(nominees(SHOWN_NAME, VERDICT, allowAddRemove=False))
    page = form.open(initial={"nominees": [{"id": "1", "name": "Bình"}]}, environment=ENVIRONMENT)

    answers = parse(form, sent(page, **{"0_verdict": "agree"}), PEOPLE)

    assert answers.errors["nominees"].code == "rows_changed"


def test_a_row_is_known_by_its_id_whatever_else_changed_in_it(make_form: FormMaker) -> None:
    form = make_form(nominees(SHOWN_NAME, VERDICT, allowAddRemove=False))
    page = form.open(initial=PEOPLE, environment=ENVIRONMENT)
    renamed: dict[str, Value] = {"nominees": [{"id": "1", "name": "Lục Bình"}, {"id": "2", "name": "Khánh"}]}

    answers = parse(form, sent(page, **{"0_verdict": "agree", "1_verdict": "reject"}), renamed)

    assert answers.errors == {}
    assert answers.values["nominees"] == [
        {"id": "1", "name": "Lục Bình", "verdict": "agree"},
        {"id": "2", "name": "Khánh", "verdict": "reject"},
    ]
