"""Whatever is done to a model, it is refused or evaluated: nothing but our own errors comes out."""

from copy import deepcopy

from decision_models import decision, input_data, item_definition, knowledge, literal, model, service, table
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine import dmn
from engine.errors import EngineError
from engine.feel import Value

WHOLE = model(
    item_definition("tMark", "number", allowed="[0..100]"),
    input_data("điểm số", "tMark"),
    input_data("unit", "string"),
    knowledge("half", [("x", "number")], literal("x / 2")),
    decision("bonus", literal("half(điểm số)"), needs=["điểm số", "knowledge:half"]),
    decision(
        "award",
        table(
            ['>= 50 | "so-y-te" | "khen" | 1', '- | not("x") | "không" | 2', "< 9 | - | null | bonus"],
            inputs=["điểm số:number", "unit:string"],
            outputs=["award:string", "place:number"],
            policy="PRIORITY",
            output_values=['"khen", "không", null'],
            defaults=["null", "0"],
        ),
        needs=["điểm số", "unit", "decision:bonus"],
    ),
    service("offer", outputs=["bonus"], inputs=["điểm số"]),
)
TEXTS = st.sampled_from(["", "-", "null", "(", '"x"', "[1..2]", "? > 1", "{a: 1}", "now()", "award", "1"])
VALUES = st.sampled_from([None, True, 5, "so-y-te", [60], {"a": 1}])


@st.composite
def broken_models(draw: st.DrawFn) -> bytes:
    root = etree.fromstring(WHOLE)
    for _ in range(draw(st.integers(1, 5))):
        nodes = list(root.iter())
        node = nodes[draw(st.integers(1, len(nodes) - 1))]
        parent = node.getparent()
        other = nodes[draw(st.integers(1, len(nodes) - 1))]
        deed = draw(st.sampled_from(["drop", "say", "double", "take", "name", "refer"]))
        if deed == "drop" and parent is not None:
            parent.remove(node)
        elif deed == "say":
            node.text = draw(TEXTS)
        elif deed == "double" and parent is not None:
            parent.append(deepcopy(node))
        elif deed == "take":
            node.append(deepcopy(other))
        elif deed == "name":
            node.tag = other.tag
        elif node.attrib:
            node.set(min(node.attrib), draw(TEXTS) or "#award")
    return etree.tostring(root)


@settings(max_examples=150, deadline=None)
@given(content=broken_models(), value=VALUES)
def test_broken_model_fails_only_as_announced(content: bytes, value: Value) -> None:
    try:
        loaded = dmn.load(content)
        loaded.review()
    except EngineError:
        return
    for offered in loaded.decisions:
        try:
            loaded.explain(offered.id, dict.fromkeys(loaded.inputs_of(offered.id), value))
        except EngineError:
            continue


def test_unbroken_model_is_evaluated() -> None:
    loaded = dmn.load(WHOLE)

    assert loaded.problems == ()
    assert loaded.evaluate("award", {"điểm số": 60, "unit": "so-y-te"}) == {"award": "khen", "place": 1}
