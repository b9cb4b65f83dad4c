"""Decision tables answer by their hit policy, exactly as they are written or not at all."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from decision_models import decision, input_data, model, table

from engine import dmn
from engine.dmn import DecisionFailedError, Model, ModelRefusedError
from engine.feel import Environment, Value

OVERLAPPING = ['>= 50 | "khen"', '>= 80 | "khen cao"', "< 50 | null"]


def awarding(logic: str, *, needs: Sequence[str] = ("score",), type_ref: str = "Any") -> Model:
    inputs = [input_data(name) for name in needs]
    return dmn.load(model(*inputs, decision("award", logic, needs=needs, type_ref=type_ref)))


def award(logic: str, score: object) -> Value:
    return awarding(logic).evaluate("award", {"score": score})


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("FIRST", "khen"),
        ("RULE ORDER", ["khen", "khen cao"]),
        ("COLLECT", ["khen", "khen cao"]),
        ("PRIORITY", "khen cao"),
        ("OUTPUT ORDER", ["khen cao", "khen"]),
    ],
)
def test_hit_policy_chooses_among_rules_that_fire(policy: str, expected: Value) -> None:
    logic = table(OVERLAPPING, policy=policy, output_values=['"khen cao", "khen", null'])

    assert award(logic, 90) == expected


@pytest.mark.parametrize(
    ("aggregation", "expected"),
    [("SUM", Decimal(30)), ("MIN", Decimal(10)), ("MAX", Decimal(20)), ("COUNT", Decimal(2))],
)
def test_collect_gathers(aggregation: str, expected: Value) -> None:
    logic = table(
        ["> 1 | 10", "> 2 | 20", "> 9 | 40"],
        outputs=["points:number"],
        policy="COLLECT",
        aggregation=aggregation,
    )

    assert award(logic, 5) == expected


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected"),
    [("UNIQUE", "", None), ("COLLECT", "", []), ("COLLECT", "COUNT", Decimal(0)), ("COLLECT", "SUM", None)],
)
def test_table_without_hit_is_null_or_empty(policy: str, aggregation: str, expected: Value) -> None:
    logic = table(["> 5 | 1"], outputs=["points:number"], policy=policy, aggregation=aggregation)

    assert award(logic, 1) == expected


def test_unique_table_reports_a_second_hit() -> None:
    with pytest.raises(DecisionFailedError, match="rules 1, 2 fire together"):
        award(table(OVERLAPPING), 90)


def test_any_takes_rules_that_agree_and_reports_those_that_do_not() -> None:
    agreeing = table(['> 1 | "a"', '> 2 | "a"'], policy="ANY")
    differing = table(['> 1 | "a"', '> 2 | "b"'], policy="ANY")

    assert award(agreeing, 3) == "a"
    with pytest.raises(DecisionFailedError, match="say different things"):
        award(differing, 3)


def test_default_is_the_answer_where_no_rule_fires() -> None:
    assert award(table(['> 5 | "a"'], defaults=['"none"']), 1) == "none"


def test_several_outputs_are_a_context() -> None:
    logic = table(['> 5 | "a" | 100'], outputs=["award:string", "bonus:number"])

    assert award(logic, 6) == {"award": "a", "bonus": Decimal(100)}


def test_empty_cell_lets_every_value_pass() -> None:
    assert award(table([' | "a"']), None) == "a"


def test_cells_see_other_inputs_and_the_tested_value() -> None:
    logic = table(['? > limit * 2 | "a"', '-| "b"'], policy="FIRST")

    assert awarding(logic, needs=["score", "limit"]).evaluate("award", {"score": 9, "limit": 4}) == "a"


def test_cells_know_the_time_they_are_given() -> None:
    logic = table(['< today() | "quá hạn"', '>= today() | "còn hạn"'], inputs=["score:date"])
    moment = Environment(now=datetime(2026, 9, 2, 8, tzinfo=UTC))

    due = awarding(logic).evaluate("award", {"score": date(2026, 9, 1)}, environment=moment)

    assert due == "quá hạn"


def test_mixed_columns_are_tested_cell_by_cell() -> None:
    logic = table(
        ['> 5 | > score | "a"', '> 5 | 3 | "b"', '- | "x" | "c"'], inputs=["score", "n"], policy="COLLECT"
    )

    assert awarding(logic, needs=["score", "n"]).evaluate("award", {"score": 6, "n": 9}) == ["a"]
    assert awarding(logic, needs=["score", "n"]).evaluate("award", {"score": 6, "n": "x"}) == ["c"]
    assert awarding(logic, needs=["score", "n"]).evaluate("award", {"score": "y", "n": "x"}) == ["c"]


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [({"score": "ten"}, "expected a number, found a string"), ({"score": 11}, "none of those allowed")],
)
def test_input_of_another_kind_fails_and_names_its_column(inputs: Mapping[str, object], reason: str) -> None:
    tabled = awarding(table(['- | "a"'], input_values="[0..10]"))

    with pytest.raises(DecisionFailedError, match=f"column “score”: .*{reason}"):
        tabled.evaluate("award", inputs)


def test_output_that_is_not_allowed_fails_and_names_its_cell() -> None:
    logic = table(["> 5 | note"], output_values=['"a", "b"'])

    with pytest.raises(
        DecisionFailedError, match="rule 1, column “award”: the value is none of those allowed"
    ):
        awarding(logic, needs=["score", "note"]).evaluate("award", {"score": 6, "note": "c"})


@pytest.mark.parametrize(
    ("logic", "code"),
    [
        (table(["__import__('os') | 1"]), "feel_reserved_name"),
        (table(["> 5 | touch(1)"]), "feel_unknown_function"),
        (table(["> | 1"]), "feel_syntax"),
        (table(["> 5 |"]), "cell_empty"),
        (table(["> 5 | 1"]), "cell_unfit"),
        (table(['> 5 | "c"'], output_values=['"a", "b"']), "value_not_listed"),
        (table(['"5" | "a"']), "cell_type"),
        (table(["> 5"]), "rule_width"),
        (table(["> 5 | 1"], policy="BEST"), "hit_policy_unknown"),
        (table(["> 5 | 1"], policy="COLLECT", aggregation="MEAN"), "aggregation_unknown"),
        (table(["> 5 | 1"], policy="FIRST", aggregation="SUM"), "aggregation_unfit"),
        (table(["> 5 | 1"], policy="PRIORITY"), "order_missing"),
        (table(["> 5 | 1 | 2"], outputs=["a", "a"]), "output_name"),
        (table(["> 5 | 1"], outputs=["a:money"]), "type_unknown"),
        (table([], outputs=[]), "table_empty"),
        (table(["> 5 | 1"] * 3001), "table_too_big"),
        (table([f"> {'1' * 20_001} | 1"]), "cell_too_long"),
    ],
)
def test_table_that_would_not_answer_as_written_is_refused(logic: str, code: str) -> None:
    refused = awarding(logic)

    assert code in {problem.code for problem in refused.problems}
    with pytest.raises(ModelRefusedError):
        refused.evaluate("award", {"score": 6})


def test_problem_names_the_cell_in_both_languages() -> None:
    (problem,) = awarding(table(['> 5 | "a"', '> | "b"'])).problems

    assert problem.spot.element_id == "award"
    assert "dòng 2, cột “score”" in problem.message_vi
    assert "rule 2, column “score”" in problem.message_en


def test_explanation_tells_which_rules_fired_and_why() -> None:
    logic = table(
        ['> 5 | "a" | Điều 24', '> 7 | "b" | Điều 25'],
        policy="RULE ORDER",
        annotations=["Căn cứ"],
    )

    explained = awarding(logic).explain("award", {"score": 8})

    (told,) = explained.tables
    assert explained.value == ["a", "b"]
    assert told.inputs == {"score": Decimal(8)}
    assert [(hit.number, hit.outputs, hit.annotations) for hit in told.hits] == [
        (1, {"award": "a"}, {"Căn cứ": "Điều 24"}),
        (2, {"award": "b"}, {"Căn cứ": "Điều 25"}),
    ]
    assert not told.used_default


def test_table_of_a_modeler_needs_no_input_data_and_its_remarks_are_told() -> None:
    logic = table(['> 80 | "A"']).replace("<inputEntry>", "<description>Điều 24</description><inputEntry>")
    drawn = '<DMNDI xmlns="https://www.omg.org/spec/DMN/20191111/DMNDI/"><DMNDiagram/></DMNDI>'
    loaded = dmn.load(model(decision("award", logic), drawn))

    explained = loaded.explain("award", {"score": 90, "unit": "so-y-te"})

    assert loaded.problems == ()
    assert explained.tables[0].hits[0].annotations == {"": "Điều 24"}


def test_work_in_a_cell_is_limited_and_the_cell_is_named() -> None:
    logic = table(["> 5 | for i in 1..10000000 return i"], outputs=["a"])

    with pytest.raises(DecisionFailedError, match="rule 1, column “a”"):
        award(logic, 6)
