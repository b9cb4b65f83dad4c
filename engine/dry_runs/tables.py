"""Reads off decision tables what their inputs are compared with, and what a decision has to be given."""

from collections.abc import Mapping

from engine import dmn
from engine.dry_runs.shapes import ShapeReader
from engine.errors import EngineError
from engine.ingest.xml import Node, local_name, parse


def inputs_of(models: Mapping[str, dmn.Model], decision_id: str) -> set[str]:
    """Return the variables that a decision reads; none where there is no such decision."""
    model = models.get(decision_id)
    return set(model.inputs_of(decision_id)) if model is not None else set()


def load_models(bundle: Mapping[str, bytes]) -> Mapping[str, dmn.Model]:
    """Return the decision models of a bundle by the ids of their decisions; none if one cannot be read."""
    try:
        return dmn.load_all(bundle)
    except EngineError:
        return {}


def read_table_shapes(content: bytes, reader: ShapeReader) -> None:
    """Take note of the values that the cells of all tables of a file compare their inputs with."""
    for table in parse(content).iter():
        if isinstance(table.tag, str) and local_name(table) == "decisionTable":
            _read_table(table, reader)


def _read_table(table: Node, reader: ShapeReader) -> None:
    inputs = [_text(column, "inputExpression") for column in _children(table, "input")]
    for rule in _children(table, "rule"):
        for asked, cell in zip(inputs, _children(rule, "inputEntry"), strict=False):
            test = _own_text(cell)
            if asked and test not in {"", "-"}:
                reader.read(f"{asked} in ({test})")


def _children(node: Node, name: str) -> list[Node]:
    return [child for child in node if isinstance(child.tag, str) and local_name(child) == name]


def _text(node: Node, name: str) -> str:
    return next((_own_text(child) for child in _children(node, name)), "")


def _own_text(node: Node) -> str:
    return next(((text.text or "").strip() for text in _children(node, "text")), "")
