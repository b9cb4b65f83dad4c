"""Takes the time and counts the statements of one piece of work, again and again."""

import statistics
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@dataclass
class Measure:
    """What one kind of work took, each time it was done."""

    name: str
    durations_ms: list[float] = field(default_factory=list[float])
    statements: list[int] = field(default_factory=list[int])

    @property
    def median_ms(self) -> float:
        """The duration that half of all stay under."""
        return statistics.median(self.durations_ms)

    @property
    def p95_ms(self) -> float:
        """The duration that 19 of 20 stay under."""
        ordered = sorted(self.durations_ms)
        return ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]

    @property
    def median_statements(self) -> int:
        """The usual number of statements; savepoints and the start of the transaction are among them."""
        return round(statistics.median(self.statements))


class Stopwatch:
    """Measures work on one database."""

    def __init__(self, engine: Engine) -> None:
        self._statements = 0
        event.listen(engine, "before_cursor_execute", self._count)

    def _count(self, *_event: Any) -> None:  # noqa: ANN401  # the event's arguments are untyped
        self._statements += 1

    @contextmanager
    def measuring(self, measure: Measure) -> Generator[None]:
        """Add what is done inside to ``measure``."""
        statements, started = self._statements, time.perf_counter()
        yield
        measure.durations_ms.append((time.perf_counter() - started) * 1000)
        measure.statements.append(self._statements - statements)
