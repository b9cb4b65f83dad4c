"""What differs between two decision models: columns, rows and cells, and logic that is no table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from lxml import etree

from engine.comparison.facts import Change, Side, Subject, What
from engine.comparison.parts import compare_parts
from engine.ingest.xml import Node, local_name, parse

MOST_ALIKE = 0.5
"""From this share of equal cells on, two rows are the same row, changed."""


@dataclass(frozen=True)
class _Rule:
    cells: tuple[str, ...]


@dataclass(frozen=True)
class _Decision:
    """A decision or knowledge model: a table, or other logic as it is written."""

    id: str
    name: str
    policy: str = ""
    columns: tuple[str, ...] = ()
    rules: tuple[_Rule, ...] = field(default=(), repr=False)
    logic: str = ""

    @property
    def subject(self) -> Subject:
        return Subject("table", self.id, self.name)


def compare(file: str, old: bytes, new: bytes) -> Iterator[Change]:
    """Yield the differences of two decision models.

    Raises:
        XmlRefusedError: one of them is no XML that can be read.

    """
    yield from compare_parts(file, _decisions(parse(old)), _decisions(parse(new)), _changes)


def _changes(file: str, old: _Decision, new: _Decision) -> Iterator[Change]:
    for what, before, after in (
        (What.NAME, old.name, new.name),
        (What.HIT_POLICY, old.policy, new.policy),
        (What.COLUMNS, "\n".join(old.columns), "\n".join(new.columns)),
        (What.LOGIC, old.logic, new.logic),
    ):
        if before != after:
            yield Change(file, new.subject, what, Side(before), Side(after))
    yield from _rules(file, old, new)


def _rules(file: str, old: _Decision, new: _Decision) -> Iterator[Change]:
    """Match rows by what they say, not by their number; rows that are half alike are one row, changed."""
    before = [_named(rule, old.columns) for rule in old.rules]
    after = [_named(rule, new.columns) for rule in new.rules]
    keys_before, keys_after = ([tuple(sorted(row.items())) for row in rows] for rows in (before, after))
    matcher = SequenceMatcher(None, keys_before, keys_after, autojunk=False)
    for tag, low, high, new_low, new_high in matcher.get_opcodes():
        if tag == "equal":
            continue
        left = list(range(low, high))
        for number in range(new_low, new_high):
            twin = max(left, key=lambda one: _likeness(before[one], after[number]), default=None)
            if twin is None or _likeness(before[twin], after[number]) < MOST_ALIKE:
                yield Change(file, _row(new, number), What.ADDED, after=Side(_line(after[number])))
                continue
            left.remove(twin)
            yield from _cells(file, _row(new, number), before[twin], after[number])
        for number in left:
            yield Change(file, _row(old, number), What.REMOVED, before=Side(_line(before[number])))


def _cells(file: str, row: Subject, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    for column in dict.fromkeys([*old, *new]):
        before, after = old.get(column, ""), new.get(column, "")
        if before != after:
            subject = Subject(row.kind, row.id, row.name, detail=column)
            yield Change(file, subject, What.CELL, Side(before), Side(after))


def _named(rule: _Rule, columns: Sequence[str]) -> dict[str, str]:
    return dict(zip(columns, rule.cells, strict=False))


def _likeness(old: Mapping[str, str], new: Mapping[str, str]) -> float:
    columns = old.keys() | new.keys()
    return sum(old.get(column) == new.get(column) for column in columns) / max(1, len(columns))


def _row(decision: _Decision, number: int) -> Subject:
    return Subject("rule", str(number + 1), decision.name or decision.id)


def _line(row: Mapping[str, str]) -> str:
    return "; ".join(f"{column}: {cell}" for column, cell in row.items() if cell not in ("", "-"))


def _decisions(root: Node) -> dict[str, _Decision]:
    found: dict[str, _Decision] = {}
    for node in root.iterchildren():
        if local_name(node) in {
            "decision",
            "businessKnowledgeModel",
            "itemDefinition",
            "inputData",
            "decisionService",
        }:
            key = node.get("id") or node.get("name") or str(len(found))
            found[key] = _decision(key, node)
    return found


def _decision(key: str, node: Node) -> _Decision:
    name = node.get("name") or key
    table = next((one for one in node.iter() if local_name(one) == "decisionTable"), None)
    if table is None:
        return _Decision(key, name, logic=_written(node))
    inputs = [_input_label(one) for one in _named_children(table, "input")]
    outputs = [one.get("label") or one.get("name") or name for one in _named_children(table, "output")]
    notes = [one.get("name") or "" for one in _named_children(table, "annotation")]
    rules = [
        _Rule(
            tuple(
                _text(cell) for cell in _named_children(rule, "inputEntry", "outputEntry", "annotationEntry")
            )
        )
        for rule in _named_children(table, "rule")
    ]
    policy = f"{table.get('hitPolicy') or 'UNIQUE'} {table.get('aggregation') or ''}".strip()
    return _Decision(key, name, policy, _distinct([*inputs, *outputs, *notes]), tuple(rules))


def _distinct(labels: Sequence[str]) -> tuple[str, ...]:
    found: list[str] = []
    for label in labels:
        one = label
        while one in found:
            one += "'"
        found.append(one)
    return tuple(found)


def _named_children(node: Node, *names: str) -> list[Node]:
    return [one for one in node.iterchildren() if local_name(one) in names]


def _input_label(node: Node) -> str:
    expression = " ".join(_text(one) for one in _named_children(node, "inputExpression"))
    label = node.get("label") or ""
    return f"{label} ({expression})" if label and label != expression else label or expression


def _text(node: Node) -> str:
    return " ".join("".join(str(part) for part in node.itertext()).split())


def _written(node: Node) -> str:
    """Return the element as it is written, without layout and spaces between elements."""
    return etree.tostring(node, method="c14n2", strip_text=True).decode()
