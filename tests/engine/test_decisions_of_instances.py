"""A business rule task asks a table of its version; which rules fired becomes history."""

from collections.abc import Mapping

import pytest
from decision_models import decision, input_data, literal, model, table
from factories import MONDAY, bpmn, flow, publish, start_and_end, user_task
from sqlalchemy.orm import Session

from engine import history, instances
from engine.errors import StepFailedError
from engine.models import ProcessInstance

RULES = ['>= 50 | "khen" | Điều 24', '< 50 | "không" | Điều 25']
TABLE = table(RULES, annotations=["Căn cứ"])
TABLES = model(input_data("score", "number"), decision("award", TABLE, needs=["score"]))


def rule_task(decision_id: str = "award", result: str = "award") -> str:
    return (
        '<businessRuleTask id="decide" name="decide"><extensionElements>'
        f'<zeebe:calledDecision decisionId="{decision_id}" resultVariable="{result}"/>'
        "</extensionElements></businessRuleTask>"
    )


def started(session: Session, variables: Mapping[str, object], *, tables: bytes = TABLES) -> ProcessInstance:
    diagram = bpmn(
        "errand", start_and_end(), rule_task(), user_task("read"), flow("start", "decide", "read", "end")
    )
    publish(session, "errand", diagram, files={"award.dmn": tables})
    return instances.start(session, "errand", variables=variables, actor=None, now=MONDAY)


def test_result_is_handed_to_the_variable(session: Session) -> None:
    instance = started(session, {"score": 80})

    assert instances.variables_at(session, instance.id, None)["award"] == "khen"


def test_history_keeps_which_rule_fired_and_on_what_ground(session: Session) -> None:
    instance = started(session, {"score": 10})

    (event,) = [one for one in history.events_of(session, instance.id) if one.kind == "decided"]
    assert event.element_id == "decide"
    assert event.details["tables"] == [
        {
            "name": "award",
            "policy": "UNIQUE",
            "default": False,
            "rules": [{"number": 2, "notes": {"Căn cứ": "Điều 25"}}],
        }
    ]


def test_decision_knows_the_time_of_the_step(session: Session) -> None:
    asking = model(decision("award", literal("string(now().year)")))

    instance = started(session, {}, tables=asking)

    assert instances.variables_at(session, instance.id, None)["award"] == str(MONDAY.year)


def test_decision_counts_working_days_of_the_city(session: Session) -> None:
    asking = model(decision("award", literal('working days between(date("2026-09-04"), date("2026-09-07"))')))

    instance = started(session, {}, tables=asking)

    assert instances.variables_at(session, instance.id, None)["award"] == 1


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({}, "the input 'score' is not given"),
        ({"score": "a-very-secret-word"}, "expected a number, found a string"),
    ],
)
def test_failure_names_the_table_and_no_value(
    session: Session, variables: dict[str, object], reason: str
) -> None:
    with pytest.raises(StepFailedError, match=reason) as failed:
        started(session, variables)

    assert failed.value.element_id == "decide"
    assert "secret" not in str(failed.value)


def test_failure_names_the_cell(session: Session) -> None:
    growing = table(["> 1 | for i in 1..10000000 return i"], outputs=["award"])
    tables = model(input_data("score"), decision("award", growing, needs=["score"]))

    with pytest.raises(StepFailedError, match=r"rule 1, column “award”: .* more than 200000 steps"):
        started(session, {"score": 2}, tables=tables)
