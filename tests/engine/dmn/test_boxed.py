"""Boxed expressions: contexts, lists, relations, invocations, functions, conditions and repetitions."""

from decimal import Decimal

import pytest
from decision_models import decision, input_data, knowledge, literal, model

from engine import dmn
from engine.dmn import DecisionFailedError, Model, ModelRefusedError
from engine.feel import Value


def loaded(logic: str, *, type_ref: str = "Any") -> Model:
    return dmn.load(
        model(input_data("n"), decision("answer", logic, needs=["n"], type_ref=type_ref)),
    )


def answer(logic: str, n: object = 5) -> Value:
    return loaded(logic).evaluate("answer", {"n": n})


def entry(name: str, logic: str, type_ref: str = "Any") -> str:
    variable = f'<variable name="{name}" typeRef="{type_ref}"/>' if name else ""
    return f"<contextEntry>{variable}{logic}</contextEntry>"


def test_entries_of_a_context_see_those_before_them() -> None:
    logic = f"<context>{entry('a b', literal('n + 1'))}{entry('c', literal('a b * 2'))}</context>"

    assert answer(logic) == {"a b": Decimal(6), "c": Decimal(12)}


def test_entry_without_name_is_the_result() -> None:
    assert answer(f"<context>{entry('a', literal('n'))}{entry('', literal('a + 1'))}</context>") == Decimal(6)


def test_list_and_relation() -> None:
    listed = f"<list>{literal('n')}{literal('n + 1')}</list>"
    columns = '<column name="unit"/><column name="full mark"/>'
    row = f"<row>{literal(chr(34) + 'so-y-te' + chr(34))}{literal('n')}</row>"

    assert answer(listed) == [Decimal(5), Decimal(6)]
    assert answer(f"<relation>{columns}{row}</relation>") == [{"unit": "so-y-te", "full mark": Decimal(5)}]


def test_function_definition_closes_over_its_place() -> None:
    function = '<functionDefinition><formalParameter name="x" typeRef="number"/>'
    function += f"{literal('x + n')}</functionDefinition>"
    logic = f"<context>{entry('plus', function)}{entry('', literal('plus(10)'))}</context>"

    assert answer(logic) == Decimal(15)


def test_invocation_binds_parameters_by_name() -> None:
    ratio = knowledge("ratio of", [("part", "number"), ("whole", "number")], literal("part / whole"))
    bindings = "".join(
        f'<binding><parameter name="{name}"/>{literal(text)}</binding>'
        for name, text in (("whole", "20"), ("part", "n"))
    )
    logic = f"<invocation>{literal('ratio of')}{bindings}</invocation>"
    needs = ["n", "knowledge:ratio of"]

    invoking = dmn.load(model(input_data("n"), ratio, decision("answer", logic, needs=needs)))

    assert invoking.evaluate("answer", {"n": 5}) == Decimal("0.25")


@pytest.mark.parametrize(("text", "expected"), [("n > 3", "much"), ("n > 9", "little"), ("null", "little")])
def test_condition(text: str, expected: str) -> None:
    logic = f"<conditional><if>{literal(text)}</if><then>{literal(quoted('much'))}</then>"
    logic += f"<else>{literal(quoted('little'))}</else></conditional>"

    assert answer(logic) == expected


def test_condition_that_is_neither_true_nor_false_fails() -> None:
    logic = f"<conditional><if>{literal('n')}</if><then>{literal('1')}</then>"
    logic += f"<else>{literal('2')}</else></conditional>"

    with pytest.raises(DecisionFailedError, match="the condition is a number"):
        answer(logic)


def quoted(text: str) -> str:
    return f'"{text}"'


def repeated(kind: str, source: str, part: str, body: str) -> str:
    return f'<{kind} iteratorVariable="x"><in>{literal(source)}</in><{part}>{literal(body)}</{part}></{kind}>'


@pytest.mark.parametrize(
    ("logic", "expected"),
    [
        (repeated("for", "[1, 2, n]", "return", "x * 2"), [2, 4, 10]),
        (repeated("for", "[1..3]", "return", "count(partial)"), [0, 1, 2]),
        (repeated("some", "[1, n]", "satisfies", "x > 4"), True),
        (repeated("every", "[1, n]", "satisfies", "x > 4"), False),
        (f"<filter><in>{literal('[1, n, 9]')}</in><match>{literal('item >= n')}</match></filter>", [5, 9]),
        (
            f"<filter><in>{literal('[{ab: 1}, {ab: 7}]')}</in><match>{literal('ab > n')}</match></filter>",
            [{"ab": 7}],
        ),
    ],
)
def test_repetition(logic: str, expected: Value) -> None:
    assert answer(logic) == expected


def test_repetition_over_what_is_no_list_fails() -> None:
    with pytest.raises(DecisionFailedError, match="no list and no range"):
        answer(repeated("for", "null", "return", "x"))


@pytest.mark.parametrize(
    ("logic", "code"),
    [
        ("", "logic_missing"),
        (literal("1") + literal("2"), "logic_twice"),
        (literal(" "), "logic_missing"),
        (literal("total + 1 2"), "feel_syntax"),
        (f"<conditional><if>{literal('n')}</if></conditional>", "logic_missing"),
        ('<functionDefinition kind="Java"/>', "external_function"),
        (literal("function(x) external {java: {}}"), "feel_external_function"),
        (
            '<literalExpression expressionLanguage="python"><text>1</text></literalExpression>',
            "language_unknown",
        ),
        (f"<context>{entry('a', literal('1'))}{entry('a', literal('2'))}</context>", "name_twice"),
        ("<list>" * 40 + literal("1") + "</list>" * 40, "boxed_too_deep"),
    ],
)
def test_expression_that_is_none_is_refused(logic: str, code: str) -> None:
    refused = loaded(logic)

    assert {problem.code for problem in refused.problems} == {code}
    with pytest.raises(ModelRefusedError):
        refused.evaluate("answer", {"n": 5})


def test_endless_work_is_stopped() -> None:
    logic = repeated("for", "[1..100000]", "return", "for y in 1..100000 return y")

    with pytest.raises(DecisionFailedError, match="steps"):
        answer(logic)


def test_function_that_calls_itself_is_stopped() -> None:
    again = literal("function(f, k) f(f, k + 1)")
    logic = f"<context>{entry('again', again)}{entry('', literal('again(again, n)'))}</context>"

    with pytest.raises(DecisionFailedError):
        answer(logic)
