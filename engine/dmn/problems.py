"""What can be wrong with a decision model, in sentences for the person who wrote it."""

from dataclasses import dataclass, field
from typing import Final, Literal

from engine.dmn.sentences import SENTENCES
from engine.dmn.spots import Spot

Severity = Literal["error", "needs", "note"]
MOST_QUOTED: Final = 80


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with, or worth knowing about, an element of a model."""

    severity: Severity
    code: str
    spot: Spot
    message_vi: str
    message_en: str

    @property
    def is_note(self) -> bool:
        """Whether the model can be evaluated all the same."""
        return self.severity == "note"


@dataclass
class Problems:
    """The problems of one file so far; the same one at the same place counts once."""

    found: list[Problem] = field(default_factory=list[Problem])
    _seen: set[Problem] = field(default_factory=set[Problem])

    def add(self, code: str, spot: Spot, **parameters: object) -> None:
        """Note the problem ``code`` at ``spot``."""
        severity, vi, en = SENTENCES[code]
        quoted = {name: _quote(str(value)) for name, value in parameters.items()}
        problem = Problem(
            severity, code, spot, vi.format(spot=spot.vi, **quoted), en.format(spot=spot.en, **quoted)
        )
        if problem not in self._seen:
            self._seen.add(problem)
            self.found.append(problem)


def _quote(text: str) -> str:
    return text if len(text) <= MOST_QUOTED else text[:MOST_QUOTED] + "…"
