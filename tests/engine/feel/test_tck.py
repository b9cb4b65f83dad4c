"""The expressions of the DMN Technology Compatibility Kit that need nothing but FEEL."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from engine import feel
from engine.feel import Environment, FeelSyntaxError, Type, Value

TCK = Path(__file__).resolve().parents[3] / ".." / "shared" / "tck"
TESTS = "{http://www.omg.org/spec/DMN/20160719/testcase}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
TODAY = Environment(now=datetime(2024, 1, 3, 10, tzinfo=UTC))

DIFFERENT = {
    "1111-feel-matches-function": {"K2-MatchesFunc-17"},  # a reference back, which no linear matcher has
}

pytestmark = pytest.mark.skipif(not TCK.is_dir(), reason="the compatibility kit is not beside the checkout")


def folders() -> list[Path]:
    return sorted(TCK.glob("compliance-level-*/*"))


def declared_types(model: ET.Element) -> dict[str, Type]:
    """Return the types that a model declares without functions, each as deep as it goes."""
    declared = {node.get("name", ""): node for node in model.iterfind("{*}itemDefinition")}

    def type_of(node: ET.Element) -> Type:
        members = tuple((part.get("name", ""), type_of(part)) for part in node.iterfind("{*}itemComponent"))
        name = (node.findtext("{*}typeRef") or "").removeprefix("feel:")
        found = type_of(declared[name]) if name in declared else Type(name)
        found = Type("context", members) if members else found
        return Type("list", (("", found),)) if node.get("isCollection") == "true" else found

    return {name: type_of(node) for name, node in declared.items() if node.find("{*}functionItem") is None}


def literal_decisions(model: ET.Element) -> dict[str, str]:
    """Return the expressions of decisions that require nothing, by name."""
    decisions: dict[str, str] = {}
    for node in model.iterfind("{*}decision"):
        text = node.findtext("{*}literalExpression/{*}text")
        if text is not None and not any("Requirement" in child.tag for child in node):
            decisions[node.get("name", "")] = text
    return decisions


def expectations(folder: Path) -> Iterator[tuple[str, str, Mapping[str, Type], Value]]:
    """Give each case's id, expression, the types it may name, and the expected value."""
    for file in sorted(folder.glob("*-test-*.xml")):
        root = ET.parse(file).getroot()  # noqa: S314 -- these files contain no entities
        name = (root.findtext(f"{TESTS}modelName") or "").strip()
        model = ET.parse(folder / name).getroot()  # noqa: S314 -- these files contain no entities
        decisions, types = literal_decisions(model), declared_types(model)
        for case in root.iterfind(f"{TESTS}testCase"):
            for node in case.iterfind(f"{TESTS}resultNode"):
                text = decisions.get(node.get("name", ""))
                if text is not None:
                    yield case.get("id", ""), text, types, expected_value(node.find(f"{TESTS}expected"))


def expected_value(node: ET.Element | None) -> Value:
    if node is None or node.get(NIL) == "true":
        return None
    if (items := node.find(f"{TESTS}list")) is not None:
        return None if items.get(NIL) == "true" else [expected_value(item) for item in items]
    if components := node.findall(f"{TESTS}component"):
        return {part.get("name", ""): expected_value(part) for part in components}
    value = node.find(f"{TESTS}value")
    if value is None or value.get(NIL) == "true":
        return None
    return scalar(value.get(TYPE, "xsd:string").split(":")[-1], value.text or "")


def scalar(kind: str, text: str) -> Value:
    if kind in {"decimal", "double", "integer", "int", "float", "long"}:
        return Decimal(text.strip())
    if kind == "boolean":
        return text.strip() in {"true", "1"}
    return text if kind == "string" else feel.evaluate(f'@"{text.strip()}"', {})


def is_alike(got: Value, expected: Value) -> bool:
    """Numbers may differ in the ninth digit: the kit rounds."""
    if isinstance(got, Decimal) and isinstance(expected, Decimal):
        return abs(got - expected) <= Decimal("1e-8") * max(Decimal(1), abs(expected))
    if isinstance(got, list) and isinstance(expected, list):
        return len(got) == len(expected) and all(map(is_alike, got, expected))
    if isinstance(got, dict) and isinstance(expected, dict):
        return got.keys() == expected.keys() and all(is_alike(got[key], expected[key]) for key in got)
    return type(got) is type(expected) and got == expected


def passes(text: str, types: Mapping[str, Type], expected: Value) -> bool:
    try:
        return is_alike(feel.parse(text, types=types).evaluate({}, environment=TODAY), expected)
    except FeelSyntaxError:
        return expected is None


@pytest.mark.parametrize("folder", folders(), ids=lambda folder: folder.name)
def test_the_kit_expects_what_we_compute(folder: Path) -> None:
    if folder.name == "0076-feel-external-java":
        pytest.skip("external functions are refused")

    failed = {
        case for case, text, types, expected in expectations(folder) if not passes(text, types, expected)
    }

    assert failed == DIFFERENT.get(folder.name, set())
