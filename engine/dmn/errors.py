"""How a decision model fails: it cannot be used as it is written, or a decision of it cannot be made."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.dmn.spots import Spot
from engine.errors import EngineError, InvalidInputError

if TYPE_CHECKING:
    from engine.dmn.problems import Problem


class ModelRefusedError(InvalidInputError):
    """What is asked for cannot be evaluated exactly as it is written; ``problems`` says why."""

    def __init__(self, problems: "Sequence[Problem]") -> None:
        super().__init__("; ".join(problem.message_en for problem in problems[:5]))
        self.problems = list(problems)


class DecisionFailedError(EngineError):
    """A decision could not be made from these values; ``spot`` is the table and cell.

    The message never repeats a value: it may be somebody's secret.
    """

    def __init__(self, spot: Spot, reason: str) -> None:
        super().__init__(f"decision {spot}: {reason}")
        self.spot = spot
        self.reason = reason


class NotFittingError(Exception):
    """A value is not of the type that is declared for it; caught where the place is known.

    ``message_vi`` says it in Vietnamese, the message itself in English.
    """

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.message_vi = vi
