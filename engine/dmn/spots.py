"""Says where in a decision model something stands, in words of both languages."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Spot:
    """A place in an element: ``steps`` lead from the element inwards, each in Vietnamese and in English."""

    element_id: str | None
    element_name: str
    steps: tuple[tuple[str, str], ...] = ()
    part_id: str = ""
    """The id of the part that is meant, the cell of a table, where the file gives it one."""

    def inside(self, vi: str, en: str) -> "Spot":
        """Return the place one step further in."""
        return replace(self, steps=(*self.steps, (vi, en)))

    @property
    def vi(self) -> str:
        """The way to the place in Vietnamese: ``dòng 3, cột “Điểm”``."""
        return ", ".join(vi for vi, _ in self.steps) or "biểu thức"

    @property
    def en(self) -> str:
        """The way to the place in English: ``rule 3, column “Điểm”``."""
        return ", ".join(en for _, en in self.steps) or "the expression"

    def __str__(self) -> str:
        inner = f", {self.en}" if self.steps else ""
        return f"“{self.element_name or self.element_id}”{inner}"


WHOLE_FILE = Spot(None, "")
"""The file itself, no element of it."""
