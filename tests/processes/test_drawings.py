"""The diagrams of the institution are drawn cleanly: straight lines, and names that lie over nothing."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final

import pytest

from engine.ingest.xml import Node, local_name, parse

DIAGRAMS: Final = sorted(Path(__file__).parents[2].glob("processes/*/*.bpmn"))
WIDTH_OF_LETTER: Final = 5.7
"""Of a name at its usual size, in pixels."""
CONTAINERS: Final = frozenset({"participant", "lane", "subProcess"})

Point = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle of a drawing, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def touches(self, other: "Box") -> bool:
        """Whether the two have a point in common."""
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass
class Drawing:
    """Where the elements of a diagram are drawn, by their ids."""

    shapes: dict[str, Box] = field(default_factory=dict[str, Box])
    lines: dict[str, list[Point]] = field(default_factory=dict[str, list[Point]])
    labels: dict[str, Box] = field(default_factory=dict[str, Box])
    containers: set[str] = field(default_factory=set[str])
    lanes: dict[str, str] = field(default_factory=dict[str, str])


@pytest.fixture(params=DIAGRAMS, ids=[path.stem for path in DIAGRAMS])
def drawing(request: pytest.FixtureRequest) -> Drawing:
    root = parse(request.param.read_bytes())
    found = Drawing()
    for node in root.iter():
        if local_name(node) in CONTAINERS:
            found.containers.add(str(node.get("id")))
        if local_name(node) == "lane":
            found.lanes[str(node.get("id"))] = str(node.get("name"))
    for node in root.iter():
        element_id = str(node.get("bpmnElement"))
        if local_name(node) == "BPMNShape":
            found.shapes[element_id] = _box(next(_children(node, "Bounds")))
        elif local_name(node) == "BPMNEdge":
            found.lines[element_id] = [_point(one) for one in _children(node, "waypoint")]
        for label in _children(node, "BPMNLabel"):
            for bounds in _children(label, "Bounds"):
                found.labels[element_id] = _box(bounds)
    return found


def _children(node: Node, name: str) -> Iterator[Node]:
    return (child for child in node if local_name(child) == name)


def _box(node: Node) -> Box:
    return Box(*(float(str(node.get(name))) for name in ("x", "y", "width", "height")))


def _point(node: Node) -> Point:
    return float(str(node.get("x"))), float(str(node.get("y")))


def _pieces(line: list[Point]) -> Iterator[Box]:
    """Return the straight pieces of a line as boxes without breadth."""
    for (from_x, from_y), (to_x, to_y) in pairwise(line):
        yield Box(min(from_x, to_x), min(from_y, to_y), abs(from_x - to_x) or 0.1, abs(from_y - to_y) or 0.1)


def test_lines_run_straight(drawing: Drawing) -> None:
    slanting = [
        element_id
        for element_id, line in drawing.lines.items()
        for (from_x, from_y), (to_x, to_y) in pairwise(line)
        if from_x != to_x and from_y != to_y
    ]

    assert slanting == []


def test_no_name_lies_over_another(drawing: Drawing) -> None:
    pairs = combinations(drawing.labels.items(), 2)

    assert [(one, other) for (one, box), (other, second) in pairs if box.touches(second)] == []


def test_no_name_lies_over_a_line_or_a_shape(drawing: Drawing) -> None:
    lines = [(name, piece) for name, line in drawing.lines.items() for piece in _pieces(line)]
    shapes = [(name, box) for name, box in drawing.shapes.items() if name not in drawing.containers]

    assert [
        (labelled, name)
        for labelled, label in drawing.labels.items()
        for name, box in (*lines, *shapes)
        if label.touches(box)
    ] == []


def test_the_name_of_a_lane_fits_beside_it(drawing: Drawing) -> None:
    tight = [
        name
        for element_id, name in drawing.lanes.items()
        if len(name) * WIDTH_OF_LETTER > drawing.shapes[element_id].height
    ]

    assert tight == []
