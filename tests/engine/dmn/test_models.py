"""Requirements, knowledge, services, imports and types: what a decision sees, and what is refused."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from decision_models import decision, input_data, item_definition, knowledge, literal, model, service

from engine import dmn
from engine.dmn import DecisionFailedError, Model, ModelRefusedError
from engine.errors import InvalidInputError, NotFoundError
from engine.feel import Environment, Value

DMN_MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def codes(loaded: Model) -> list[str]:
    return [problem.code for problem in loaded.problems]


def test_names_of_several_words_are_read_as_one() -> None:
    declared = [input_data("điểm thi đua", "number"), input_data("hệ số", "number")]
    total = decision("tổng điểm", literal("điểm thi đua * hệ số"), needs=["điểm thi đua", "hệ số"])
    rank = decision("xếp loại", literal("if tổng điểm > 90 then 1 else 2"), needs=["decision:tổng điểm"])

    loaded = dmn.load(model(*declared, total, rank))

    assert loaded.evaluate("xếp loại", {"điểm thi đua": 50, "hệ số": 2}) == Decimal(1)
    assert loaded.inputs_of("xếp loại") == ["điểm thi đua", "hệ số"]


def test_decision_is_made_once_however_often_it_is_needed() -> None:
    levels = [decision("d0", literal("1"))]
    levels += [
        decision(f"d{level}", literal(f"d{level - 1} + d{level - 1}"), needs=[f"decision:d{level - 1}"])
        for level in range(1, 60)
    ]

    assert dmn.load(model(*levels)).evaluate("d59", {}) == Decimal(2) ** 59


def test_input_that_is_missing_fails_and_null_is_a_value() -> None:
    loaded = dmn.load(model(input_data("n", "number"), decision("same", literal("n = null"), needs=["n"])))

    assert loaded.evaluate("same", {"n": None}) is True
    with pytest.raises(InvalidInputError, match="'n' is not given"):
        loaded.evaluate("same", {})


def test_undeclared_name_is_given_from_outside_or_fails() -> None:
    loaded = dmn.load(model(decision("twice", literal("amount * 2"))))

    assert loaded.evaluate("twice", {"amount": 4}) == Decimal(8)
    assert loaded.inputs_of("twice") == ["amount"]
    with pytest.raises(DecisionFailedError, match="reads “amount”, which is not given"):
        loaded.evaluate("twice", {})


def test_time_is_given_or_asked_for() -> None:
    loaded = dmn.load(model(decision("year", literal("today().year"))))

    moment = Environment(now=datetime(2026, 9, 2, tzinfo=UTC))
    assert loaded.evaluate("year", {}, environment=moment) == Decimal(2026)
    with pytest.raises(DecisionFailedError, match="asks for the time"):
        loaded.evaluate("year", {})


def test_knowledge_sees_its_parameters_and_what_it_requires_alone() -> None:
    half = knowledge("half", [("x", "number")], literal("x / 2"))
    quarter = knowledge("quarter", [("x", "number")], literal("half(half(x))"), needs=["knowledge:half"])
    asking = decision("answer", literal("quarter(n)"), needs=["n", "knowledge:quarter"])
    peeping = knowledge("peeping", [], literal("n"))

    assert dmn.load(model(input_data("n"), half, quarter, asking)).evaluate("answer", {"n": 8}) == Decimal(2)
    assert codes(dmn.load(model(input_data("n"), peeping))) == ["name_not_required"]


@pytest.mark.parametrize("call", ["half()", "half(1, 2)", "half(y: 1)", 'half("x")'])
def test_call_that_does_not_fit_fails(call: str) -> None:
    half = knowledge("half", [("x", "number")], literal("x / 2"))
    loaded = dmn.load(model(half, decision("answer", literal(call), needs=["knowledge:half"])))

    with pytest.raises(DecisionFailedError, match="half"):
        loaded.evaluate("answer", {})


def test_service_answers_from_what_it_is_given() -> None:
    declared = [input_data("n", "number")]
    first = decision("first", literal("1 + n"), needs=["n"])
    second = decision("second", literal("first * 10"), needs=["decision:first"])
    offered = service("offer", outputs=["second"], inputs=["decision:first"])
    calling = decision("answer", literal("offer(7)"), needs=["knowledge:offer"])

    loaded = dmn.load(model(*declared, first, second, offered, calling))

    assert loaded.evaluate("answer", {}) == Decimal(70)
    assert loaded.evaluate("offer", {"first": 3}) == Decimal(30)


def test_service_of_several_outputs_gives_a_context() -> None:
    parts = [decision("a", literal("1")), decision("b", literal("2"))]

    assert dmn.load(model(*parts, service("both", outputs=["a", "b"]))).evaluate("both", {}) == {
        "a": Decimal(1),
        "b": Decimal(2),
    }


@pytest.mark.parametrize(
    ("declarations", "code"),
    [
        ([decision("a", literal("b"), needs=["decision:b"])], "reference_dangling"),
        ([decision("a", literal("b"), needs=["b"]), decision("b", literal("1"))], "reference_kind"),
        ([decision("a", literal("b")), decision("b", literal("1"))], "name_not_required"),
        ([decision("a", literal("1")), decision("a", literal("2"))], "id_twice"),
        (
            [
                decision("a", literal("b"), needs=["decision:b"]),
                decision("b", literal("a"), needs=["decision:a"]),
            ],
            "requirement_cycle",
        ),
        ([knowledge("f", [], literal("f()"), needs=["knowledge:f"])], "requirement_cycle"),
        (
            [
                decision("a", literal("s()"), needs=["knowledge:s"]),
                service("s", outputs=["a"]),
            ],
            "requirement_cycle",
        ),
        (
            [
                input_data("n"),
                decision("a", literal("n"), needs=["n"]),
                service("s", outputs=["a"]),
            ],
            "service_open",
        ),
        ([knowledge("f", [], literal("amount"))], "name_unknown"),
        (["<rule/>"], "element_unknown"),
        ([decision("__a", literal("1"))], "name_reserved"),
        ([item_definition("tA", "tB"), item_definition("tB", "tA")], "type_cycle"),
        ([item_definition("tA", "money")], "type_unknown"),
        ([item_definition("tA", "number", allowed="> ")], "feel_syntax"),
    ],
)
def test_graph_that_cannot_be_evaluated_is_refused(declarations: list[str], code: str) -> None:
    assert code in codes(dmn.load(model(*declarations)))


def test_error_refuses_what_rests_on_it_and_nothing_else() -> None:
    loaded = dmn.load(
        model(
            decision("broken", literal("1 +")),
            decision("resting", literal("broken"), needs=["decision:broken"]),
            decision("sound", literal("1")),
        )
    )

    assert loaded.evaluate("sound", {}) == Decimal(1)
    with pytest.raises(ModelRefusedError):
        loaded.evaluate("resting", {})


def test_built_in_function_handed_on_as_a_value_still_asks_for_the_time() -> None:
    logic = f"<invocation>{literal('today')}</invocation>"

    with pytest.raises(DecisionFailedError, match="asks for the time"):
        dmn.load(model(decision("day", logic))).evaluate("day", {})


def test_decision_without_id_is_evaluated_and_noted() -> None:
    loaded = dmn.load(model(decision("a", literal("1")).replace(' id="a"', "")))

    assert codes(loaded) == ["id_missing"]
    assert loaded.evaluate("a", {}) == Decimal(1)


def test_unknown_decision_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        dmn.load(model(decision("a", literal("1")))).evaluate("b", {})


def test_types_that_unfold_without_end_are_refused() -> None:
    def doubled(level: int) -> str:
        parts = (
            f'<itemComponent name="{name}"><typeRef>t{level - 1}</typeRef></itemComponent>' for name in "ab"
        )
        return item_definition(f"t{level}", inside="".join(parts))

    loaded = dmn.load(model(item_definition("t0", "number"), *map(doubled, range(1, 18))))

    assert "type_too_big" in codes(loaded)


PERSON = item_definition(
    "tPerson",
    inside=(
        '<itemComponent name="full name"><typeRef>string</typeRef></itemComponent>'
        '<itemComponent name="titles" isCollection="true"><typeRef>string</typeRef></itemComponent>'
    ),
)
MARK = item_definition("tMark", "number", allowed="[0..10]")
MARKS = item_definition("tMarks", "tMark", attributes='isCollection="true"')


@pytest.mark.parametrize(
    ("type_ref", "given", "expected"),
    [
        ("number", [7], Decimal(7)),
        ("tMarks", 7, [Decimal(7)]),
        ("dateTime", date(2026, 9, 2), datetime(2026, 9, 2, tzinfo=UTC)),
        ("tPerson", {"full name": "An", "titles": "x"}, {"full name": "An", "titles": ["x"]}),
        ("tMark", None, None),
    ],
)
def test_value_is_brought_into_the_shape_of_its_type(type_ref: str, given: object, expected: Value) -> None:
    loaded = dmn.load(
        model(PERSON, MARK, MARKS, input_data("n", type_ref), decision("same", literal("n"), needs=["n"]))
    )

    assert loaded.evaluate("same", {"n": given}) == expected


@pytest.mark.parametrize(
    ("type_ref", "given"),
    [
        ("number", "7"),
        ("number", True),
        ("number", [1, 2]),
        ("tMark", 11),
        ("tMarks", [1, 11]),
        ("tPerson", {"full name": "An"}),
        ("tPerson", {"full name": 1, "titles": []}),
        ("date", "2026-09-02"),
    ],
)
def test_value_of_another_type_fails_and_is_not_repeated(type_ref: str, given: object) -> None:
    loaded = dmn.load(
        model(PERSON, MARK, MARKS, input_data("n", type_ref), decision("same", literal("n"), needs=["n"]))
    )

    with pytest.raises(InvalidInputError, match="the input 'n'"):
        loaded.evaluate("same", {"n": given})


def test_declared_types_are_known_to_expressions() -> None:
    logic = literal("[n instance of tMark, n instance of tPerson]")
    loaded = dmn.load(model(PERSON, MARK, input_data("n"), decision("kind", logic, needs=["n"])))

    assert loaded.evaluate("kind", {"n": 3}) == [True, False]


def importing(location: str = "") -> bytes:
    placed = f' locationURI="{location}"' if location else ""
    return model(
        f'<import name="luật" namespace="urn:law" importType="{DMN_MODEL}"{placed}/>',
        decision("answer", literal("luật.giới hạn(2) + luật.cơ sở"), needs=[]).replace(
            "<literalExpression>",
            '<informationRequirement><requiredDecision href="urn:law#cơ_sở"/></informationRequirement>'
            '<knowledgeRequirement><requiredKnowledge href="urn:law#giới_hạn"/></knowledgeRequirement>'
            "<literalExpression>",
        ),
    )


LAW = model(
    decision("cơ sở", literal("100")),
    knowledge("giới hạn", [("n", "number")], literal("n * 5")),
    namespace="urn:law",
)


@pytest.mark.parametrize("location", ["", "law.dmn", "./law.dmn"])
def test_imported_elements_are_read_under_the_name_of_the_import(location: str) -> None:
    loaded = dmn.load(importing(location), beside={"law.dmn": LAW})

    assert loaded.problems == ()
    assert loaded.evaluate("answer", {}) == Decimal(110)


@pytest.mark.parametrize(
    ("files", "location", "code"),
    [
        ({}, "", "import_missing"),
        ({"law.dmn": LAW}, "../law.dmn", "import_location"),
        ({"law.dmn": b"<urn:law"}, "law.dmn", "import_unreadable"),
    ],
)
def test_import_that_is_not_beside_is_refused(files: Mapping[str, bytes], location: str, code: str) -> None:
    loaded = dmn.load(importing(location), beside=files)

    assert code in codes(loaded)
    with pytest.raises(ModelRefusedError):
        loaded.evaluate("answer", {})


def test_models_that_import_each_other_are_refused() -> None:
    other = model(f'<import name="m" namespace="urn:model" importType="{DMN_MODEL}"/>', namespace="urn:law")

    assert "import_cycle" in codes(dmn.load(importing(), beside={"law.dmn": other}))


@pytest.mark.parametrize("version", ["20180521", "20191111", "20211108", "20230324"])
def test_versions_of_the_standard(version: str) -> None:
    scheme = "http" if version == "20180521" else "https"
    content = model(decision("a", literal("1"))).replace(
        DMN_MODEL.encode(), f"{scheme}://www.omg.org/spec/DMN/{version}/MODEL/".encode()
    )

    assert dmn.load(content).evaluate("a", {}) == Decimal(1)


def test_older_version_is_refused_by_name() -> None:
    content = model(decision("a", literal("1"))).replace(
        DMN_MODEL.encode(), b"http://www.omg.org/spec/DMN/20151101/dmn.xsd"
    )

    assert codes(dmn.load(content)) == ["version_unknown"]
