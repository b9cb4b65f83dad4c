"""Reads the rules of decision tables, cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from engine.dmn.cells import constants_of
from engine.dmn.output_reading import Outputs
from engine.dmn.reader import child_text, dmn_children
from engine.dmn.site import Site
from engine.dmn.tables import Cell, Input, Rule, cell_spot
from engine.dmn.types import plain_kind, type_name
from engine.feel import UnaryTests
from engine.ingest.xml import Node


class _Entry(NamedTuple):
    """A cell as it is written."""

    text: str
    id: str


@dataclass(frozen=True)
class Rules:
    """The rules of one table, as they are read."""

    inputs: Sequence[Input]
    outputs: Outputs
    annotations: Sequence[str]
    """The names of the annotation columns."""
    site: Site
    _slots: dict[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])

    def read(self, node: Node, number: int) -> Rule:
        """Return the rule of a row, counted from 1; what is wrong with it is reported."""
        tested, answers, notes = (
            [
                _Entry(child_text(entry, "text").strip(), entry.get("id", ""))
                for entry in dmn_children(node, name)
            ]
            for name in ("inputEntry", "outputEntry", "annotationEntry")
        )
        row = self.site.inside(f"dòng {number}", f"rule {number}")
        for found, wanted in ((len(tested), len(self.inputs)), (len(answers), len(self.outputs))):
            if found != wanted:
                row.report("rule_width", found=found, wanted=wanted)
        answers = answers[: len(self.outputs)]
        return Rule(
            number=number,
            id=node.get("id", ""),
            cells=tuple(self._cells(tested[: len(self.inputs)], number)),
            outputs=tuple(
                self.outputs.cell(place, one.text, number, one.id) for place, one in enumerate(answers)
            ),
            annotations=self._annotations([note.text for note in notes], node),
        )

    def _cells(self, entries: Sequence[_Entry], number: int) -> list[Cell]:
        """Return the tested cells, without those where every value passes: ``-`` and empty ones."""
        cells: list[Cell] = []
        for column, entry in enumerate(entries):
            tests = None if entry.text in {"", "-"} else self._tests(entry, self.inputs[column], number)
            if tests is not None:
                slot = self._slots.setdefault((column, entry.text), len(self._slots))
                cells.append(Cell(column, slot, tests))
        return cells

    def _tests(self, entry: _Entry, column: Input, number: int) -> UnaryTests | None:
        place = replace(self.site, spot=cell_spot(self.site.spot, number, column.label, entry.id))
        tests = place.tests(entry.text)
        if tests is not None:
            _check_kind(tests, column, place)
        return tests

    def _annotations(self, notes: Sequence[str], node: Node) -> dict[str, str]:
        """A remark that dmn-js writes stands in the description of the rule and has no name."""
        named = {
            (self.annotations[place] if place < len(self.annotations) else "") or str(place + 1): text
            for place, text in enumerate(notes)
            if text
        }
        remark = child_text(node, "description").strip()
        return {**named, "": remark} if remark else named


def _check_kind(tests: UnaryTests, column: Input, place: Site) -> None:
    """Refuse to compare a column with values of another type, which would never pass and never say so."""
    kind = plain_kind(column.type)
    for value in (constants_of(tests) or []) if kind is not None else []:
        if value is not None and type(value) not in {kind, bool}:
            place.report("cell_type", wanted=column.type.name, found=type_name(value))
