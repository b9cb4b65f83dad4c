"""Checking decision models: every problem with its element, in a bundle whose files see one another."""

import pytest
from decision_models import decision, input_data, literal, model, table
from ingest_diagrams import END, START, flows, process

from engine.ingest import Problem, Severity, Surroundings, check_files

SCORE = input_data("score", "number")
GOOD = table(['>= 50 | "khen"', '< 50 | "không"'])


def problems_of(files: dict[str, bytes]) -> list[Problem]:
    found = check_files(files, Surroundings(), isolated=False)
    return [problem for problems in found.values() for problem in problems]


def awarding(logic: str) -> bytes:
    return model(SCORE, decision("award", logic, needs=["score"]))


def calling(decision_id: str) -> bytes:
    task = (
        '<bpmn:businessRuleTask id="decide" name="Xét"><bpmn:extensionElements>'
        f'<zeebe:calledDecision decisionId="{decision_id}" resultVariable="award"/>'
        "</bpmn:extensionElements></bpmn:businessRuleTask>"
    )
    return process(START + task + END + flows("start", "decide", "end"))


def test_model_without_fault_has_no_problem() -> None:
    assert problems_of({"award.dmn": awarding(GOOD), "leave.bpmn": calling("award")}) == []


def test_every_problem_is_listed_with_its_element() -> None:
    broken = model(
        SCORE,
        decision("first", table(['> | "a"', "1 | touch()"]), needs=["score"]),
        decision("second", literal("1 +"), needs=["decision:third"]),
    )

    found = problems_of({"award.dmn": broken})

    assert {(problem.code, problem.element_id) for problem in found} == {
        ("feel_syntax", "first"),
        ("feel_unknown_function", "first"),
        ("feel_syntax", "second"),
        ("reference_dangling", "second"),
    }


def test_a_problem_of_a_cell_names_the_cell() -> None:
    whole = table(['nobody( | "khen"'])
    named = whole.replace("<inputEntry>", '<inputEntry id="cell">', 1)
    assert named != whole

    found = check_files({"award.dmn": awarding(named)}, Surroundings())["award.dmn"]

    assert {(problem.element_id, problem.part_id) for problem in found} == {("award", "cell")}


def test_called_decision_that_is_not_there_is_needed() -> None:
    (found,) = problems_of({"award.dmn": awarding(GOOD), "leave.bpmn": calling("bonus")})

    assert (found.severity, found.code, found.element_id) == (Severity.NEEDS, "decision_missing", "decide")


def test_decision_in_two_files_is_none_that_can_be_called() -> None:
    found = problems_of({"a.dmn": awarding(GOOD), "b.dmn": awarding(GOOD)})

    assert [problem.code for problem in found] == ["decision_twice", "decision_twice"]


@pytest.mark.parametrize(
    ("location", "code", "severity"),
    [
        ("b.dmn", "import_missing", Severity.NEEDS),
        ("../b.dmn", "import_location", Severity.ERROR),
        ("http://127.0.0.1/b.dmn", "import_location", Severity.ERROR),
    ],
)
def test_import_is_taken_from_the_bundle_alone(location: str, code: str, severity: Severity) -> None:
    importing = model(
        f'<import namespace="urn:other" name="b" locationURI="{location}" importType="urn:x"/>'.replace(
            "urn:x", "https://www.omg.org/spec/DMN/20191111/MODEL/"
        )
    )

    (found,) = problems_of({"a.dmn": importing})

    assert (found.code, found.severity) == (code, severity)


def test_gap_is_noted_with_an_example() -> None:
    (found,) = problems_of({"award.dmn": awarding(table(['> 50 | "khen"', '< 50 | "không"']))})

    assert (found.severity, found.code) == (Severity.NOTE, "gap")
    assert "score = 50" in found.message_vi


def test_rules_of_a_unique_table_that_fire_together_are_an_error_with_an_example() -> None:
    (found,) = problems_of({"award.dmn": awarding(table(['>= 50 | "khen"', '<= 50 | "không"']))})

    assert (found.severity, found.code) == (Severity.ERROR, "overlap")
    assert "dòng 1 và dòng 2 cùng khớp, ví dụ score = 50" in found.message_vi


def test_file_that_is_no_model_is_refused() -> None:
    (found,) = problems_of({"award.dmn": b"<definitions/>"})

    assert found.code == "not_a_table"
