"""Expressions, names and moments: what is refused at each place of a diagram."""

import pytest
from ingest_diagrams import END, START, around, check, codes, extended, flow, flows, process, user_task

from engine.ingest.moments import is_moment, problem_of_cycle, problem_of_duration


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("note", "feel_missing_equals"),
        ("", "feel_missing"),
        ("=", "feel_syntax"),
        ("=1 +", "feel_syntax"),
        ("=open(1)", "feel_unknown_function"),
        ("=__import__", "feel_reserved_name"),
    ],
)
def test_condition_must_be_an_expression(condition: str, code: str) -> None:
    body = (
        START
        + '<bpmn:exclusiveGateway id="choice" default="choice_end"/>'
        + END
        + user_task("ask")
        + flows("start", "choice", "end")
        + flow("choice", "ask", condition or " ")
    )

    assert codes(process(body)) >= {(code, "choice_ask")}


@pytest.mark.parametrize("target", ["", "a..b", "1a", "__a", "a.__b", "a[1]", "a b", "a." * 150 + "a"])
def test_target_must_be_a_path_of_names(target: str) -> None:
    mapping = f'<zeebe:ioMapping><zeebe:output source="=note" target="{target}"/></zeebe:ioMapping>'

    assert codes(around(user_task("ask", more=mapping), "ask")) == {("name_malformed", "ask")}


@pytest.mark.parametrize(
    ("groups", "code"),
    [
        ("", "assignment_missing"),
        (" , ", "assignment_missing"),
        ("officer,", "assignment_missing"),
        ("Officer", "role_malformed"),
        ("officer@", "role_malformed"),
        ("clerk", "role_unknown"),
        ("=&quot;clerk@&quot; + unit", "role_unknown"),
        ("=[&quot;officer&quot;, &quot;clerk&quot;]", "role_unknown"),
        ("=for i in 1..1000000000 return string(i)", "feel_limit"),
    ],
)
def test_candidate_groups_must_name_roles(groups: str, code: str) -> None:
    assert codes(around(user_task("ask", groups=groups), "ask")) == {(code, "ask")}


@pytest.mark.parametrize(
    "groups", ["officer", "officer, head@so_y_te", "=&quot;head@&quot; + unit", "=groups"]
)
def test_groups_that_name_roles_are_accepted(groups: str) -> None:
    assert not codes(around(user_task("ask", groups=groups), "ask"))


def test_task_without_form_is_not_publishable() -> None:
    task = user_task("ask").replace('<zeebe:formDefinition formId="note"/>', "")
    page = '<zeebe:properties><zeebe:property name="page" value="vote"/></zeebe:properties>'

    assert codes(around(task, "ask")) == {("form_none", "ask")}
    assert not codes(around(task.replace("<zeebe:userTask/>", f"<zeebe:userTask/>{page}"), "ask"))


def test_what_is_not_here_is_named() -> None:
    work = extended("serviceTask", "book", '<zeebe:taskDefinition type="leave.cancel"/>')
    source = '<zeebe:properties><zeebe:property name="values" value="leave.rest"/></zeebe:properties>'
    ask = user_task("ask", more=source).replace('formId="note"', 'formId="other"')
    rule = extended(
        "businessRuleTask", "rule", '<zeebe:calledDecision decisionId="days" resultVariable="days"/>'
    )
    call = extended("callActivity", "call", '<zeebe:calledElement processId="pay"/>')
    body = START + work + ask + rule + call + END + flows("start", "book", "ask", "rule", "call", "end")

    assert codes(process(body)) == {
        ("action_unknown", "book"),
        ("form_source_unknown", "ask"),
        ("form_missing", "ask"),
        ("decision_missing", "rule"),
        ("process_missing", "call"),
    }


def test_problem_is_said_in_both_languages() -> None:
    (problem,) = check(around(user_task("ask", groups="clerk"), "ask"))

    assert problem.message_vi == "Hệ thống chưa có vai trò “clerk”."
    assert problem.message_en == "There is no role “clerk” here."
    assert problem.element_name == "Ghi ý kiến"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-12-31T17:00:00+07:00", True),
        ("2026-12-31", True),
        ("2026-02-29", False),
        ("2026-12-31T25:00:00Z", False),
        ("999999-01-01", False),
        ("2026-W01-1", False),
        ("20261231", False),
    ],
)
def test_moment_is_real(text: str, expected: bool) -> None:
    assert is_moment(text) is expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("P5D", None),
        ("P1Y2M3W4DT5H6M7.5S", None),
        ("PT0S", None),
        ("P", "timer_malformed"),
        ("PT", "timer_malformed"),
        ("-P1D", "timer_malformed"),
        ("5 ngày", "timer_malformed"),
        ("P999999999999M", "timer_out_of_range"),
        ("P900Y", "timer_out_of_range"),
    ],
)
def test_duration_is_real(text: str, code: str | None) -> None:
    assert problem_of_duration(text) == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("R/P1D", None),
        ("R3/2026-12-31T08:00:00+07:00/PT8H", None),
        ("R/PT0S", "timer_no_period"),
        ("R/-PT1H", "timer_no_period"),
        ("R/PT0.001S", "timer_no_period"),
        ("R0/P1D", "timer_no_period"),
        ("0 0 9 * * MON", "timer_cycle_malformed"),
        ("R/P1D/2026-12-31", "timer_cycle_malformed"),
        ("R/" + "P1D" * 99999, "timer_cycle_malformed"),
    ],
)
def test_cycle_has_a_period(text: str, code: str | None) -> None:
    assert problem_of_cycle(text) == code


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("not_same_person_as", "nobody", "four_eyes_dangling"),
        ("not_same_person_as", "ask", "four_eyes_dangling"),
        ("not_same_person_as", "start", "four_eyes_dangling"),
        ("not_same_persn_as", "ask", "property_unknown"),
        ("reminders", "three days before", "reminders_malformed"),
        ("reminders", "after:21", "reminders_malformed"),
        ("reminders", "overseer:5,overseer:6", "reminders_malformed"),
        ("page", "../admin", "page_malformed"),
        ("record", "os.__init__", "action_malformed"),
        ("record", "leave.cancel", "action_unknown"),
    ],
)
def test_property_with_a_meaning_is_checked(name: str, value: str, code: str) -> None:
    more = f'<zeebe:properties><zeebe:property name="{name}" value="{value}"/></zeebe:properties>'

    assert codes(around(user_task("ask", more=more), "ask")) == {(code, "ask")}


@pytest.mark.parametrize(
    ("value", "found"),
    [("before:3,before:1,due,overseer:5", set[str]()), ("sometimes", {"reminders_malformed"})],
)
def test_the_ladder_of_a_process_is_checked(value: str, found: set[str]) -> None:
    diagram = around(user_task("ask"), "ask")
    at = diagram.index(b">", diagram.index(b"process id=")) + 1
    ladder = (
        '<bpmn:extensionElements><zeebe:properties><zeebe:property name="reminders" '
        f'value="{value}"/></zeebe:properties></bpmn:extensionElements>'
    )

    assert {code for code, _ in codes(diagram[:at] + ladder.encode() + diagram[at:])} == found


def test_task_does_one_thing() -> None:
    both = '<zeebe:taskDefinition type="leave.book"/><zeebe:script expression="=1" resultVariable="r"/>'

    assert codes(around(extended("scriptTask", "x", both), "x")) == {("work_twice", "x")}
