"""What puts a problem right with one change: each mend, once made, leaves its problem behind."""

import json

import pytest
from ingest_diagrams import END, FORM, START, SURROUNDINGS, around, extended, flow, flows, process, user_task

from engine.ingest import Mend, Problem, check_files, lost_safeguards

CHOICE = {
    "type": "radio",
    "id": "F_status",
    "label": "Ý kiến",
    "key": "status",
    "values": [{"label": "Đồng ý", "value": "approved"}, {"label": "Trả lại", "value": "returned"}],
    "validate": {"required": True},
}
STATUS = json.dumps({**json.loads(FORM), "components": [CHOICE]}).encode()


def found_in(content: bytes, *, note: bytes = FORM, isolated: bool = False) -> dict[str, Problem]:
    """Return the problems of a diagram by their code."""
    files = {"leave.bpmn": content, "note.form": note}
    found = check_files(files, SURROUNDINGS, isolated=isolated)
    return {problem.code: problem for problems in found.values() for problem in problems}


def choosing(condition: str, *, default: str = "choice_e1", other: str = "") -> bytes:
    """Return a diagram whose gateway ``choice`` leads to ``end`` by a condition, else to ``e1``."""
    mark = f' default="{default}"' if default else ""
    body = START + user_task("ask") + f'<bpmn:exclusiveGateway id="choice"{mark}/>' + END
    body += '<bpmn:endEvent id="e1"/>' + flows("start", "ask", "choice")
    return process(body + flow("choice", "end", condition) + flow("choice", "e1", other))


@pytest.mark.parametrize(
    ("condition", "code", "mended"),
    [
        ("=status = approved", "word_unquoted", '=status = "approved"'),
        ('=status = "aproved"', "option_missing", '=status = "approved"'),
        ('=statuss = "approved"', "variable_unset_near", '=status = "approved"'),
        ('status = "approved"', "feel_missing_equals", '=status = "approved"'),
        ("status = approved", "feel_missing_equals", '=status = "approved"'),
        ('=(status = "approved"', "feel_syntax", '=(status = "approved")'),
        ('=status = "approved', "feel_syntax", '=status = "approved"'),
    ],
)
def test_condition_is_completed(condition: str, code: str, mended: str) -> None:
    problem = found_in(choosing(condition), note=STATUS)[code]

    assert problem.mend == Mend("set_condition", {"flow_id": "choice_end", "value": mended})
    assert not found_in(choosing(mended), note=STATUS)


@pytest.mark.parametrize(
    "condition", ['=status = "no such thing"', "=status = = 1", '=nothing_like_it = "x"']
)
def test_what_is_in_doubt_has_no_mend(condition: str) -> None:
    assert all(problem.mend is None for problem in found_in(choosing(condition), note=STATUS).values())


def test_flow_without_a_condition_becomes_the_default() -> None:
    problem = found_in(choosing("=agreed", default=""))["condition_missing"]

    assert problem.mend == Mend("default_flow", {"gateway_id": "choice", "flow_id": "choice_e1"})


def test_default_for_the_case_without_a_way_leads_back_rather_than_on() -> None:
    body = (
        START
        + user_task("ask")
        + '<bpmn:exclusiveGateway id="choice"/>'
        + END
        + flows("start", "ask", "choice")
    )
    body += flow("choice", "ask", '=status = "returned"') + flow("choice", "end", '=status = "approvd"')

    problem = found_in(process(body), note=STATUS)["gateway_gap"]

    assert problem.mend == Mend("default_flow", {"gateway_id": "choice", "flow_id": "choice_ask"})


def test_default_never_leads_to_what_asks_for_mandatory_steps_if_it_can_lead_elsewhere() -> None:
    requires = '<zeebe:properties><zeebe:property name="requires" value="ask"/></zeebe:properties>'
    guarded = choosing('=status = "approved"', default="", other='=status = "returnd"').replace(
        b'<bpmn:endEvent id="e1"/>', extended("endEvent", "e1", requires).encode()
    )

    mend = found_in(guarded, note=STATUS)["gateway_gap"].mend

    assert mend is not None
    assert mend.values["flow_id"] == "choice_end"


def test_condition_of_the_default_is_taken_away() -> None:
    problem = found_in(choosing("=agreed", other="=not(agreed)"))["default_condition"]

    assert problem.mend == Mend("set_condition", {"flow_id": "choice_e1", "value": ""})


@pytest.mark.parametrize(
    ("written", "meant"), [("5 ngày", "P5D"), ("2 tuần", "P2W"), ("8 giờ", "PT8H"), ("30 minutes", "PT30M")]
)
def test_spoken_length_of_time_is_written_as_timers_have_it(written: str, meant: str) -> None:
    length = f"<bpmn:timeDuration>{written}</bpmn:timeDuration>"
    timer = f"<bpmn:timerEventDefinition>{length}</bpmn:timerEventDefinition>"
    catch = f'<bpmn:intermediateCatchEvent id="wait">{timer}</bpmn:intermediateCatchEvent>'

    problem = found_in(around(catch, "wait"))["timer_malformed"]

    assert problem.mend == Mend("set_timer", {"element_id": "wait", "value": meant})


def test_form_of_nearly_that_name_is_proposed() -> None:
    problem = found_in(around(user_task("ask").replace('"note"', '"notes"'), "ask"))["form_missing"]

    assert problem.mend == Mend("set_form", {"element_id": "ask", "form_id": "note"})


@pytest.mark.parametrize(
    ("written", "meant"), [("oficer", "officer"), ("chairmann", "chairman"), ("gardener", None)]
)
def test_role_of_nearly_that_name_is_proposed(written: str, meant: str | None) -> None:
    problem = found_in(around(user_task("ask", groups=written), "ask"))["role_unknown"]

    expected = Mend("set_group", {"element_id": "ask", "group": meant}) if meant else None
    assert problem.mend == expected


def test_task_without_a_name_asks_for_one() -> None:
    problem = found_in(around(user_task("ask").replace('name="Ghi ý kiến"', ""), "ask"))["name_missing"]

    assert problem.mend == Mend("name_element", {"element_id": "ask"})


def test_what_never_runs_is_taken_away_unless_it_is_mandatory() -> None:
    lost = user_task("lost")
    kept = user_task(
        "lost", more='<zeebe:properties><zeebe:property name="mandatory" value="yes"/></zeebe:properties>'
    )

    def mend_of(task: str) -> Mend | None:
        return found_in(process(START + END + flows("start", "end") + task))["no_incoming"].mend

    assert mend_of(lost) == Mend("remove", {"element_id": "lost"})
    assert mend_of(kept) is None


def test_safeguard_is_put_back() -> None:
    def diagram(mandatory: str, requires: str) -> bytes:
        mark = f'<zeebe:properties><zeebe:property name="{mandatory}" value="yes"/></zeebe:properties>'
        guard = f'<zeebe:properties><zeebe:property name="requires" value="{requires}"/></zeebe:properties>'
        tasks = user_task("ask", more=mark) + user_task("sign") + extended("endEvent", "end", guard)
        return process(START + tasks + flows("start", "ask", "sign", "end"))

    old = diagram("mandatory", "ask, sign")
    found = lost_safeguards({"leave.bpmn": old}, {"leave.bpmn": diagram("other", "sign")})

    assert {problem.code: problem.mend for problem in found} == {
        "mandatory_unmarked": Mend(
            "set_property", {"element_id": "ask", "name": "mandatory", "value": "yes"}
        ),
        "guard_loosened": Mend(
            "set_property", {"element_id": "end", "name": "requires", "value": "sign, ask"}
        ),
    }


def test_mends_come_out_of_the_child_that_checks() -> None:
    content = choosing("=status = approved")

    assert found_in(content, note=STATUS, isolated=True) == found_in(content, note=STATUS)
