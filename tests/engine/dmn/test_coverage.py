"""Gaps and overlaps of a table are found, each with an example that really is one."""

from collections.abc import Sequence

import pytest
from decision_models import decision, input_data, model, table
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import dmn
from engine.dmn import DecisionFailedError, Model

CELLS = st.sampled_from(["-", "< 3", ">= 3", "[2..4]", "(2..5)", "not(3)", "1, 5", "> 4"])
RULES = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5)


def awarding(
    rules: Sequence[str], *, inputs: Sequence[str], policy: str = "UNIQUE", default: str = ""
) -> Model:
    names = [column.partition(":")[0] for column in inputs]
    defaults = [default] if default else []
    logic = table(rules, inputs=inputs, outputs=["points:number"], policy=policy, defaults=defaults)
    declared = [input_data(name) for name in names]
    return dmn.load(model(*declared, decision("award", logic, needs=names)))


def codes(reviewed: Model) -> list[str]:
    return [problem.code for problem in reviewed.review()]


@pytest.mark.parametrize(
    ("rules", "inputs", "expected"),
    [
        (["< 5 | 1", ">= 5 | 2"], ["score:number"], []),
        (["< 5 | 1", "> 5 | 2"], ["score:number"], ["gap"]),
        (['"a" | 1', '"b" | 2'], ["unit:string"], ["gap"]),
        (['"a" | 1', 'not("a") | 2'], ["unit:string"], []),
        (["true | 1", "false | 2"], ["late:boolean"], []),
        (["true | 1"], ["late:boolean"], ["gap"]),
        (["true | < 5 | 1", "false | - | 2"], ["late:boolean", "score:number"], ["gap"]),
        (['< date("2026-09-02") | 1', '>= date("2026-09-02") | 2'], ["day:date"], []),
        (['< duration("P5D") | 1', '> duration("P5D") | 2'], ["spent:dayTimeDuration"], ["gap"]),
        (["< other | 1"], ["score:number"], []),  # not known without the values
    ],
)
def test_gap(rules: Sequence[str], inputs: Sequence[str], expected: list[str]) -> None:
    assert [
        code for code in codes(awarding(rules, inputs=inputs, policy="FIRST")) if code == "gap"
    ] == expected


def test_default_leaves_no_gap() -> None:
    assert codes(awarding(["> 5 | 1"], inputs=["score:number"], default="0")) == []


def test_allowed_values_bound_what_has_to_be_covered() -> None:
    rules = ['"a" | "x"', '"b" | "y"']
    logic = table(rules, inputs=["unit:string"], input_values='"a", "b"')
    reviewed = dmn.load(model(input_data("unit"), decision("award", logic, needs=["unit"])))

    assert codes(reviewed) == []


def fires_twice(table_: Model, first: int, second: int) -> bool:
    try:
        table_.evaluate("award", {"a": first, "b": second})
    except DecisionFailedError:
        return True
    return False


@settings(max_examples=60, deadline=None)
@given(rules=RULES)
def test_review_agrees_with_evaluation(rules: list[tuple[str, str]]) -> None:
    reviewed = awarding([f"{a} | {b} | 1" for a, b in rules], inputs=["a:number", "b:number"])
    found = codes(reviewed)
    grid = [(a, b) for a in range(8) for b in range(8)]

    overlaps = any(fires_twice(reviewed, a, b) for a, b in grid)
    gaps = any(
        not fires_twice(reviewed, a, b) and reviewed.evaluate("award", {"a": a, "b": b}) is None
        for a, b in grid
    )

    assert ("overlap" in found) >= overlaps
    assert ("gap" in found) >= gaps
