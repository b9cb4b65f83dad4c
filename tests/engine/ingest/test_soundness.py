"""What a diagram does when it runs: its cases, its ways, whom it reaches, what it may not leave out."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from ingest_diagrams import END, FORM, START, SURROUNDINGS, around, extended, flow, flows, process, user_task

from engine.clock import CITY_ZONE
from engine.ingest import Problem, Severity, Surroundings, check_files, lost_safeguards, read_diagram
from engine.ingest.meeting import Meeting
from engine.ingest.ways import Ways

DAILY = "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
NOON = datetime(2026, 11, 23, 12, tzinfo=CITY_ZONE)
CHOICE = {
    "type": "radio",
    "id": "F_outcome",
    "label": "Ý kiến",
    "label_en": "Opinion",
    "key": "outcome",
    "values": [
        {"label": "Đồng ý", "value": "agree"},
        {"label": "Trả lại", "value": "return"},
        {"label": "Hỏi thêm", "value": "ask"},
    ],
    "validate": {"required": True},
}
DAYS = {
    "type": "number",
    "id": "F_days",
    "label": "Số ngày",
    "key": "days",
    "decimalDigits": 0,
    "validate": {"required": True, "min": 1, "max": 30},
}
URGENT = {"type": "checkbox", "id": "F_urgent", "label": "Khẩn", "key": "is_urgent"}


def form(*components: Mapping[str, object]) -> bytes:
    """Return the form ``note`` with these fields."""
    head = {"type": "default", "id": "note", "schemaVersion": 17}
    platform = {"executionPlatform": "Camunda Cloud", "executionPlatformVersion": "8.6.0"}
    return json.dumps({**head, **platform, "components": list(components)}).encode()


def found_in(
    content: bytes, note: bytes = FORM, *, surroundings: Surroundings = SURROUNDINGS
) -> list[Problem]:
    """Return the problems of a diagram with the form ``note``."""
    found = check_files({"leave.bpmn": content, "note.form": note}, surroundings, isolated=False)
    return [problem for problems in found.values() for problem in problems]


def codes(content: bytes, note: bytes = FORM) -> set[tuple[str, str | None]]:
    """Return code and element of every problem."""
    return {(problem.code, problem.element_id) for problem in found_in(content, note)}


def gateway(kind: str, element_id: str, default: str = "") -> str:
    """Return a gateway."""
    return f'<bpmn:{kind}Gateway id="{element_id}"' + (f' default="{default}"/>' if default else "/>")


def choosing(*conditions: str, default: bool = False, kind: str = "exclusive") -> bytes:
    """Return a diagram whose gateway ``choice`` leads by these conditions to the ends ``e0``, ``e1`` ..."""
    ends = [f"e{number}" for number in range(len(conditions) + default)]
    body = START + user_task("ask") + gateway(kind, "choice", f"choice_{ends[-1]}" if default else "")
    body += "".join(f'<bpmn:endEvent id="{end}"/>' for end in ends)
    ways = [flow("choice", end, one) for end, one in zip(ends, [*conditions, ""], strict=False)]
    return process(body + flows("start", "ask", "choice") + "".join(ways))


# Gateways


@pytest.mark.parametrize(
    ("conditions", "example"),
    [
        (('=outcome = "agree"', '=outcome = "return"'), "Opinion = Hỏi thêm"),
        (("=days &lt; 5", "=days &gt; 5"), "Số ngày = 5"),
        (("=days &lt;= 5", "=days in [7..30]"), "Số ngày = 6"),
        (("=is_urgent", "=not(is_urgent) and days &gt; 2"), "Khẩn = no; Số ngày = 1"),
        (
            ('=outcome in ("agree", "ask")', '=outcome = "return" and is_urgent'),
            "Opinion = Trả lại; Khẩn = no",
        ),
    ],
)
def test_case_without_a_way_is_named(conditions: tuple[str, ...], example: str) -> None:
    (problem,) = found_in(choosing(*conditions), form(CHOICE, DAYS, URGENT))

    assert (problem.code, problem.severity, problem.element_id) == ("gateway_gap", Severity.ERROR, "choice")
    assert f"the case {example};" in problem.message("en")


@pytest.mark.parametrize(
    "conditions",
    [
        ('=outcome = "agree"', '=outcome = "return"', '=outcome = "ask"'),
        ('=outcome = "agree"', '=outcome != "agree"'),
        ("=days &lt;= 5", "=days &gt; 5"),
        ("=days between 1 and 10", "=days &gt;= 11"),
        ("=is_urgent", "=not(is_urgent)"),
        ("=is_urgent = true", "=is_urgent = false"),
    ],
)
def test_conditions_that_cover_all_cases_need_no_default(conditions: tuple[str, ...]) -> None:
    note = form(CHOICE, DAYS, URGENT)

    assert not codes(choosing(*conditions), note)
    assert codes(choosing(*conditions, default=True), note) == {
        ("default_never", f"choice_e{len(conditions)}")
    }


def test_field_that_may_stay_empty_is_a_case_of_its_own() -> None:
    optional = form({**CHOICE, "validate": {}})
    whole = ('=outcome = "agree"', '=outcome = "return"', '=outcome = "ask"')

    (problem,) = found_in(choosing(*whole), optional)

    assert "Ý kiến = để trống" in problem.message("vi")


def test_field_that_may_be_hidden_may_stay_empty() -> None:
    hidden = form(URGENT, {**CHOICE, "conditional": {"hide": "=is_urgent"}})
    whole = ('=outcome = "agree"', '=outcome = "return"', '=outcome = "ask"')

    assert codes(choosing(*whole), hidden) == {("gateway_gap", "choice")}


def test_gap_of_what_no_form_tells_is_only_noted() -> None:
    (problem,) = found_in(choosing("=tries &lt; 3", "=tries &gt; 3"))

    assert (problem.code, problem.severity) == ("gateway_gap_possible", Severity.NOTE)
    assert "tries = 3" in problem.message("vi")


def test_conditions_that_cannot_be_tried_are_only_noted() -> None:
    assert codes(choosing("=count(tries) &gt; 3", "=agreed")) == {("default_missing", "choice")}


def test_two_conditions_true_together_are_noted_with_the_case() -> None:
    content = choosing("=days &lt;= 5", "=days &gt;= 5", default=True)
    found = {problem.code: problem for problem in found_in(content, form(DAYS))}

    assert "Số ngày = 5" in found["gateway_overlap"].message("vi")
    assert "gateway_overlap" not in {
        code for code, _ in codes(choosing("=days &lt;= 5", "=days &gt;= 5", kind="inclusive"), form(DAYS))
    }


def test_option_that_a_form_does_not_have_is_noted() -> None:
    content = choosing('=outcome = "agreed"', default=True)

    assert codes(content, form(CHOICE)) == {("option_missing", "choice_e0")}


def test_condition_that_is_never_true_is_noted() -> None:
    assert codes(choosing("=days &gt; 30", default=True), form(DAYS)) == {("condition_never", "choice_e0")}


def test_option_without_quotation_marks_is_refused() -> None:
    assert codes(choosing("=outcome = agree", default=True), form(CHOICE)) == {("word_unquoted", "choice_e0")}


def test_what_a_step_sets_as_well_has_no_known_options() -> None:
    script = extended("scriptTask", "work", '<zeebe:script expression="=1" resultVariable="outcome"/>')
    body = START + user_task("ask") + script + gateway("exclusive", "choice") + END
    body += '<bpmn:endEvent id="e1"/>' + flows("start", "ask", "work", "choice")
    body += flow("choice", "end", '=outcome = "agree"') + flow("choice", "e1", '=outcome = "return"')

    assert codes(process(body), form(CHOICE)) == {("gateway_gap_possible", "choice")}


# Variables and deadlines


def test_variable_that_nothing_sets_is_noted_with_what_may_be_meant() -> None:
    found = found_in(choosing("=dais &gt; 5", "=nobody_knows", default=True), form(DAYS))
    said = {problem.element_id: (problem.code, problem.message("en")) for problem in found}

    assert said["choice_e0"][0] == "variable_unset_near"
    assert "is “days” meant?" in said["choice_e0"][1]
    assert said["choice_e1"][0] == "variable_unset"


def test_what_comes_with_a_message_may_be_read() -> None:
    message = extended(
        "message", "m", '<zeebe:subscription correlationKey="=code"/>', attributes='name="paid"'
    )
    event = '<bpmn:messageEventDefinition messageRef="m"/>'
    catch = f'<bpmn:intermediateCatchEvent id="c">{event}</bpmn:intermediateCatchEvent>'
    rest = gateway("exclusive", "choice", "choice_e1") + END + '<bpmn:endEvent id="e1"/>'
    rest += flow("choice", "end", "=amount &gt; 5") + flows("choice", "e1")

    assert not codes(process(START + catch + rest + flows("start", "c", "choice"), top=message))
    assert codes(process(START + rest + flows("start", "choice"))) == {("variable_unset", "choice_end")}


def test_deadline_needs_its_variables_on_every_way() -> None:
    due = '<zeebe:taskSchedule dueDate="=duration(&quot;P&quot; + days + &quot;D&quot;)"/>'
    body = START + gateway("exclusive", "choice", "choice_late") + user_task("ask")
    body += gateway("exclusive", "late") + user_task("work", more=due) + END
    body += flows("start", "choice", "late", "work", "end") + flow("choice", "ask", "=agreed")

    (problem,) = found_in(process(body + flows("ask", "late")), form(DAYS))

    assert (problem.code, problem.element_id) == ("deadline_maybe_unset", "work")
    assert "start → choice → late → Ghi ý kiến" in problem.message("vi")
    straight = START + user_task("ask") + user_task("work", more=due) + END
    assert not codes(process(straight + flows("start", "ask", "work", "end")), form(DAYS))


def test_both_branches_before_a_parallel_join_count() -> None:
    due = '<zeebe:taskSchedule dueDate="=days"/>'
    body = START + gateway("parallel", "p") + user_task("ask") + '<bpmn:task id="other"/>'
    body += gateway("parallel", "j") + user_task("work", more=due) + END
    body += flows("start", "p", "ask", "j", "work", "end") + flows("p", "other", "j")

    assert not codes(process(body), form(DAYS))


@pytest.mark.parametrize(
    ("timer", "code"),
    [
        ("PT0S", "length_not_positive"),
        ("=duration(&quot;PT0S&quot;)", "length_not_positive"),
        ("=duration(&quot;P1D&quot;) - duration(&quot;P2D&quot;)", "length_not_positive"),
        ("=duration(&quot;tomorrow&quot;)", "deadline_nothing"),
        ("=when", "deadline_unset"),
        ("PT1M", None),
        ("=duration(&quot;P1D&quot;)", None),
    ],
)
def test_timer_leads_forward(timer: str, code: str | None) -> None:
    event = DAILY.replace("P1D", timer)
    content = around(f'<bpmn:intermediateCatchEvent id="wait">{event}</bpmn:intermediateCatchEvent>', "wait")

    assert codes(content) == ({(code, "wait")} if code else set())


@pytest.mark.parametrize(
    ("due", "days_later", "is_past"),
    [
        ("2026-11-23", 0, False),
        ("2026-11-23", 1, True),
        ("=date(&quot;2026-11-23&quot;)", 1, True),
        ("=today() - duration(&quot;P1D&quot;)", 0, True),
        ("=today() + duration(&quot;P1D&quot;)", 0, False),
        ("2026-11-23T13:00:00+07:00", 0, False),
    ],
)
def test_deadline_that_is_past_is_noted(due: str, days_later: int, is_past: bool) -> None:
    content = around(user_task("ask", more=f'<zeebe:taskSchedule dueDate="{due}"/>'), "ask")
    now = NOON + timedelta(days=days_later)

    found = found_in(content, surroundings=Surroundings(now=now))

    assert [problem.code for problem in found] == (["deadline_past"] if is_past else [])


# Tokens


def test_ways_meet_again_at_the_nearest_element_that_none_can_avoid() -> None:
    body = START + gateway("exclusive", "x") + user_task("a") + user_task("b") + gateway("exclusive", "m")
    body += user_task("c") + END + flows("start", "x", "a", "m", "c", "end") + flows("x", "b", "m")
    ways = Ways(read_diagram("leave.bpmn", process(body)))

    meeting = Meeting(list(ways.diagram.elements), ways)

    assert [meeting.of(name) for name in ("x", "a", "m", "end")] == ["m", "m", "c", None]


def parallel(*inner: str, ways: str) -> bytes:
    """Return a diagram with a parallel split ``p``, a join ``j`` and tasks ``a`` and ``b``."""
    body = START + gateway("parallel", "p") + user_task("a") + user_task("b") + gateway("parallel", "j") + END
    return process(body + "".join(inner) + flows("start", "p") + flows("j", "end") + ways)


def test_join_that_a_choice_may_starve_is_refused() -> None:
    choice = gateway("exclusive", "x", "x_b") + '<bpmn:endEvent id="lost"/>'
    ways = flows("p", "a", "j") + flows("p", "x", "b", "j") + flow("x", "lost", "=agreed")

    assert codes(parallel(choice, ways=ways)) == {("join_starves", "j")}


def test_choice_that_comes_together_before_the_join_starves_nothing() -> None:
    choice = gateway("exclusive", "x", "x_b") + user_task("c") + gateway("exclusive", "m")
    ways = flows("p", "a", "j") + flows("p", "x", "b", "m", "j") + flow("x", "c", "=agreed") + flows("c", "m")

    assert not codes(parallel(choice, ways=ways))


def test_choice_that_leads_back_starves_nothing() -> None:
    choice = gateway("exclusive", "m") + gateway("exclusive", "x", "x_m")
    ways = flows("p", "a", "j") + flows("p", "m", "b", "x", "m") + flow("x", "j", "=agreed")

    assert not codes(parallel(choice, ways=ways))


def test_choice_around_the_whole_of_it_starves_nothing() -> None:
    body = (
        START + gateway("exclusive", "x", "x_p") + gateway("parallel", "p") + user_task("a") + user_task("b")
    )
    body += gateway("parallel", "j") + gateway("exclusive", "m") + END
    body += flows("start", "x", "p", "a", "j", "m", "end") + flows("p", "b", "j") + flow("x", "m", "=agreed")

    assert not codes(process(body))


def test_boundary_that_interrupts_is_a_choice_too() -> None:
    late = f'<bpmn:boundaryEvent id="late" attachedToRef="a">{DAILY}</bpmn:boundaryEvent>'
    late += '<bpmn:endEvent id="lost"/>'
    ways = flows("p", "a", "j") + flows("p", "b", "j") + flows("late", "lost")

    assert codes(parallel(late, ways=ways)) == {("join_starves", "j")}
    beside = late.replace('attachedToRef="a"', 'attachedToRef="a" cancelActivity="false"')
    assert not codes(parallel(beside, ways=ways))


def test_end_that_ends_everything_leaves_no_join_waiting() -> None:
    stop = '<bpmn:endEvent id="lost"><bpmn:terminateEventDefinition/></bpmn:endEvent>'
    ways = flows("p", "a", "j") + flows("p", "x", "b", "j") + flow("x", "lost", "=agreed")

    assert not codes(parallel(gateway("exclusive", "x", "x_b") + stop, ways=ways))


def test_branches_that_meet_unjoined_are_noted() -> None:
    body = START + gateway("parallel", "p") + user_task("a") + user_task("b") + gateway("exclusive", "m")
    body += user_task("c") + END + flows("start", "p", "a", "m", "c", "end") + flows("p", "b", "m")

    assert codes(process(body)) == {("done_twice", "m")}
    ends = body.replace('sourceRef="b" targetRef="m"', 'sourceRef="b" targetRef="end"')
    assert not codes(process(ends))


def test_loop_in_which_nobody_acts_is_noted() -> None:
    body = (
        START + gateway("exclusive", "m") + '<bpmn:task id="t"/>' + gateway("exclusive", "x", "x_end") + END
    )
    body += flows("start", "m", "t", "x", "end")

    assert codes(process(body + flow("x", "m", "=tries &lt; 3"))) == {("automatic_loop", "m")}
    slow = body.replace('<bpmn:task id="t"/>', user_task("t"))
    assert not codes(process(slow + flow("x", "m", "=tries &lt; 3")))


def test_loop_without_an_end_is_fine_where_an_event_ends_it() -> None:
    message = extended(
        "message", "m", '<zeebe:subscription correlationKey="=code"/>', attributes='name="paid"'
    )
    handler = (
        '<bpmn:subProcess id="stop" triggeredByEvent="true"><bpmn:startEvent id="told">'
        '<bpmn:messageEventDefinition messageRef="m"/></bpmn:startEvent><bpmn:endEvent id="stopped"/>'
        f"{flows('told', 'stopped')}</bpmn:subProcess>"
    )
    body = START + gateway("exclusive", "join") + user_task("ask") + flows("start", "join", "ask", "join")

    assert codes(process(body)) == {("endless", "join")}
    assert not codes(process(body + handler, top=message))


# People


@pytest.mark.parametrize(
    ("groups", "staffed", "is_reached"),
    [
        ("officer", {"officer"}, True),
        ("officer", {"head", "officer@sales"}, False),
        ("officer, head", {"head"}, True),
        ("head@sales", {"head@sales"}, True),
        ("head@sales", {"head@hr", "head"}, False),
        ("=&quot;head@&quot; + unit", {"head@hr"}, True),
        ("=&quot;head@&quot; + unit", {"head"}, False),
        ("=if agreed then &quot;head&quot; else &quot;officer&quot;", {"officer"}, True),
        ("=if agreed then &quot;head&quot; else &quot;officer&quot;", {"chairman"}, False),
        ("=whoever", {"chairman"}, True),
    ],
)
def test_task_reaches_somebody(groups: str, staffed: set[str], is_reached: bool) -> None:
    here = Surroundings(roles={"officer", "head", "chairman"}, staffed_groups=frozenset(staffed))

    found = found_in(around(user_task("ask", groups=groups), "ask"), surroundings=here)

    assert [(p.code, p.severity) for p in found] == (
        [] if is_reached else [("group_unstaffed", Severity.NEEDS)]
    )


def test_role_inside_an_expression_must_be_known() -> None:
    groups = "=if agreed then &quot;head&quot; else &quot;clerk@&quot; + unit"

    assert codes(around(user_task("ask", groups=groups), "ask")) == {("role_unknown", "ask")}


# Safeguards


def marked(name: str, value: str) -> str:
    """Return a property."""
    return f'<zeebe:properties><zeebe:property name="{name}" value="{value}"/></zeebe:properties>'


SIGN = user_task("sign", groups="chairman", more=marked("mandatory", "yes"))
ISSUED = extended("endEvent", "issued", marked("requires", "sign"), attributes='name="Đã ban hành"')


def signing(*parts: str, sign: str = SIGN, issued: str = ISSUED) -> bytes:
    """Return a diagram with the mandatory step ``sign`` and the end ``issued`` that requires it."""
    return process(START + sign + issued + "".join(parts))


def test_way_past_a_mandatory_step_is_refused_and_named() -> None:
    shortcut = gateway("exclusive", "x", "x_sign") + flows("start", "x", "sign", "issued")
    (problem,) = found_in(signing(shortcut, flow("x", "issued", "=agreed")))

    assert (problem.code, problem.severity, problem.element_id) == ("step_bypassed", Severity.ERROR, "issued")
    assert "“Ghi ý kiến”: start → x → Đã ban hành." in problem.message("vi")
    assert not codes(signing(flows("start", "sign", "issued")))


def test_step_that_is_interrupted_has_not_been_done() -> None:
    late = f'<bpmn:boundaryEvent id="late" attachedToRef="sign">{DAILY}</bpmn:boundaryEvent>'

    assert codes(signing(late, flows("start", "sign", "issued") + flows("late", "issued"))) == {
        ("step_bypassed", "issued")
    }


def test_step_on_one_branch_is_done_behind_the_join_only() -> None:
    branches = gateway("parallel", "p") + gateway("parallel", "j") + user_task("b")
    joined = flows("start", "p", "sign", "j", "issued") + flows("p", "b", "j")
    apart = flows("start", "p", "sign", "j") + flows("p", "b", "j") + flows("p", "issued")

    assert not codes(signing(branches, joined))
    assert ("step_bypassed", "issued") in codes(signing(branches, apart + END + flows("j", "end")))


def test_loop_back_before_a_mandatory_step_changes_nothing() -> None:
    loop = gateway("exclusive", "m") + gateway("exclusive", "x", "x_m")
    ways = flows("start", "m", "sign", "x", "m") + flow("x", "issued", "=agreed")

    assert not codes(signing(loop, ways))


@pytest.mark.parametrize(("inner", "is_safe"), [("parallel", True), ("exclusive", False)])
def test_step_inside_a_sub_process_counts_if_no_token_can_avoid_it(inner: str, is_safe: bool) -> None:
    default = "" if inner == "parallel" else "g_sign"
    part = '<bpmn:startEvent id="s"/>' + gateway(inner, "g", default) + SIGN + user_task("b")
    part += '<bpmn:endEvent id="s_end"/><bpmn:endEvent id="b_end"/>'
    part += flows("s", "g", "sign", "s_end") + flow("g", "b", "" if inner == "parallel" else "=agreed")
    content = signing(
        f'<bpmn:subProcess id="part">{part}{flows("b", "b_end")}</bpmn:subProcess>',
        flows("start", "part", "issued"),
        sign="",
    )

    assert (("step_bypassed", "issued") not in codes(content)) is is_safe


@pytest.mark.parametrize(
    ("sign", "issued", "expected"),
    [
        (SIGN, ISSUED.replace('value="sign"', 'value="nobody"'), ("required_missing", "issued")),
        (SIGN.replace('value="yes"', 'value="maybe"'), ISSUED, ("mandatory_malformed", "sign")),
        (SIGN.replace("mandatory", "mandatroy"), ISSUED, ("property_near", "sign")),
        (SIGN, ISSUED.replace("requires", "require"), ("property_near", "issued")),
    ],
)
def test_safeguard_must_be_readable(sign: str, issued: str, expected: tuple[str, str]) -> None:
    assert codes(signing(flows("start", "sign", "issued"), sign=sign, issued=issued)) == {expected}


BOOK = extended(
    "serviceTask", "book", '<zeebe:taskDefinition type="leave.book"/>' + marked("requires", "sign")
)
OLD = signing(BOOK, flows("start", "sign", "book", "issued"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"", b"", set[tuple[str, str | None]]()),
        (b'name="Ghi \xc3\xbd ki\xe1\xba\xbfn"', b'name="K\xc3\xbd"', set[tuple[str, str | None]]()),
        (b'id="sign"', b'id="sign_it"', {("mandatory_removed", None)}),
        (b'name="mandatory"', b'name="other"', {("mandatory_unmarked", "sign")}),
        (b"userTask", b"manualTask", {("mandatory_changed", "sign")}),
        (b'"chairman"', b'"officer"', {("mandatory_reassigned", "sign")}),
        (b'id="issued"', b'id="done"', {("guard_removed", None)}),
        (b'name="requires"', b'name="other"', {("guard_loosened", "issued"), ("guard_loosened", "book")}),
    ],
)
def test_what_a_version_promised_stays(old: bytes, new: bytes, expected: set[tuple[str, str | None]]) -> None:
    found = lost_safeguards({"leave.bpmn": OLD}, {"leave.bpmn": OLD.replace(old, new) if old else OLD})

    assert {(problem.code, problem.element_id) for problem in found} == expected


def test_new_step_may_not_do_unguarded_what_a_guarded_one_does() -> None:
    again = BOOK.replace('id="book"', 'id="again"').replace('name="requires"', 'name="other"')
    new = signing(BOOK, again, flows("start", "again", "sign", "book", "issued"))

    (problem,) = lost_safeguards({"leave.bpmn": OLD}, {"leave.bpmn": new})

    assert (problem.code, problem.element_id) == ("guard_evaded", "again")
