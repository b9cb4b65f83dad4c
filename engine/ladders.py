"""Reads the text of a ladder: when a deadline is to be reminded of, and when others are told."""

import re
from dataclasses import dataclass
from typing import Final

from engine.errors import InvalidInputError

MOST_AFTER: Final = 20
"""Nobody is nagged longer."""
_STEP: Final = re.compile(r"(before|after|head|overseer):([1-9][0-9]?)|due", re.ASCII)
_LONGEST: Final = 200


@dataclass(frozen=True)
class Ladder:
    """Counts of working days; a ladder without rungs reminds nobody."""

    before: tuple[int, ...] = ()
    """The farthest first."""
    on_due_day: bool = False
    after: int = 0
    """On each of so many working days after the due day."""
    head: int | None = None
    """So many working days after the due day the head of the role is told."""
    overseer: int | None = None
    """So many working days after the due day those who oversee all deadlines are told."""


DEFAULT_LADDER: Final = Ladder(before=(2,), on_due_day=True, after=5, head=2, overseer=5)


def parse_ladder(text: str) -> Ladder:
    """Read ``before:3,before:1,due,after:5,head:2,overseer:5``, each part optional, or ``none``.

    Only ``before`` may come more than once.

    Raises:
        InvalidInputError: it cannot be read, or says the same thing twice.

    """
    if text.strip() == "none":
        return Ladder()
    steps = [_STEP.fullmatch(part.strip()) for part in text[:_LONGEST].split(",")]
    counts = {(step[1] or "due", int(step[2] or 0)) for step in steps if step is not None}
    single = [kind for kind, _ in counts if kind != "before"]
    if len(text) > _LONGEST or len(counts) < len(steps) or len(single) > len(set(single)):
        raise InvalidInputError(f"no ladder of reminders: {text[:_LONGEST]!r}")
    found = dict(counts)
    if found.get("after", 0) > MOST_AFTER:
        raise InvalidInputError(f"a ladder reminds on at most {MOST_AFTER} days after the deadline")
    return Ladder(
        before=tuple(sorted((count for kind, count in counts if kind == "before"), reverse=True)),
        on_due_day="due" in found,
        after=found.get("after", 0),
        head=found.get("head"),
        overseer=found.get("overseer"),
    )


def write_ladder(ladder: Ladder) -> str:
    """Return the text that ``parse_ladder`` reads as this ladder."""
    steps = [f"before:{days}" for days in ladder.before]
    steps += ["due"] if ladder.on_due_day else []
    steps += [f"after:{ladder.after}"] if ladder.after else []
    told = (("head", ladder.head), ("overseer", ladder.overseer))
    steps += [f"{kind}:{days}" for kind, days in told if days is not None]
    return ",".join(steps) or "none"


def is_ladder(text: str) -> bool:
    """Whether a text can be read as a ladder."""
    try:
        parse_ladder(text)
    except InvalidInputError:
        return False
    return True
