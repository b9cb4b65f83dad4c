"""How much one expression may ask for, and the meter that counts it while it runs."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from engine.feel.errors import FeelLimitError

MAX_CHARACTERS = 50_000
"""An expression longer than this is refused before it is read."""
MAX_PATTERNS = 200
"""Regular expressions that may stand in one expression."""
MAX_NESTING = 100
"""Brackets, conditions and the like inside each other, beyond which an expression is refused."""


@dataclass(frozen=True)
class Limits:
    """What one evaluation may use."""

    steps: int = 200_000
    """Evaluated parts of repeated expressions, and list items that functions look at."""
    size: int = 1_000_000
    """List items, context entries and characters produced."""
    call_depth: int = 200
    """Nested parts of functions that are running inside each other."""
    value_depth: int = 100
    """Lists and contexts inside each other in a result."""


class WorkingCalendar(Protocol):
    """What the functions of working days ask of a calendar."""

    def is_working_day(self, day: date) -> bool:
        """Whether people work on this day."""
        ...

    def add_working_days(self, day: date, count: int) -> date:
        """Return the day that is ``count`` working days after (before, if negative) ``day``."""
        ...

    def working_days_between(self, start: date, end: date) -> int:
        """Return the number of working days after ``start`` up to and including ``end``."""
        ...


@dataclass(frozen=True)
class Environment:
    """What an expression may know of the world outside its variables."""

    now: datetime | None = None
    """The aware moment that ``now()`` and ``today()`` give; without it they are null."""
    zone: str = "Asia/Ho_Chi_Minh"
    """The time zone in which ``now()`` and ``today()`` are told."""
    calendar: WorkingCalendar | None = None
    """Without it the functions of working days are null."""
    limits: Limits = field(default_factory=Limits)


class Run:
    """One evaluation under way: its environment and its meter."""

    __slots__ = ("depth", "environment", "limits", "patterns", "size", "steps")

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self.limits = environment.limits
        self.steps = 0
        self.size = 0
        self.depth = 0
        self.patterns: set[tuple[str, str]] = set()
        """The regular expressions, with their flags, that were compiled and charged."""

    def charge(self, steps: int) -> None:
        """Count work.

        Raises:
            FeelLimitError: the steps are used up.

        """
        self.steps += steps
        if self.steps > self.limits.steps:
            raise FeelLimitError(f"the expression takes more than {self.limits.steps} steps")

    def grow(self, size: int) -> None:
        """Count list items, context entries or characters that come into being.

        Raises:
            FeelLimitError: the result grows too big.

        """
        self.size += size
        if self.size > self.limits.size:
            raise FeelLimitError(f"the expression produces more than {self.limits.size} items or characters")

    def enter(self, depth: int) -> None:
        """Count the nesting of a function that is called; ``leave`` takes it back.

        Raises:
            FeelLimitError: functions call each other too deeply.

        """
        self.depth += depth
        if self.depth > self.limits.call_depth:
            raise FeelLimitError(f"functions call each other more than {self.limits.call_depth} levels deep")

    def leave(self, depth: int) -> None:
        """Take back what ``enter`` counted."""
        self.depth -= depth
