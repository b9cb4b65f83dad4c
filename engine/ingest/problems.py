"""What is wrong with a file, said so that an official can put it right."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Severity(Enum):
    """How much a problem stands in the way."""

    ERROR = "error"
    """It cannot run as drawn."""
    NEEDS = "needs"
    """Something it names is not here: it opens as a draft and is not published."""
    NOTE = "note"
    """Worth a look; nothing stands in the way."""


@dataclass(frozen=True)
class Mend:
    """A change that would put a problem right; an editor offers it, makes it, and can undo it."""

    kind: str
    """What to do: ``default_flow``, ``set_form``, ``set_group``, ``set_property``, ``set_timer`` ..."""
    values: Mapping[str, str] = field(hash=False)
    """The ids it speaks of and the values to write."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with one element of a file."""

    severity: Severity
    code: str
    element_id: str | None
    element_name: str
    message_vi: str
    message_en: str
    file: str
    mend: Mend | None = None
    part_id: str = ""
    """The id of the part of the element that is meant: the cell of a decision table."""

    def message(self, language: str) -> str:
        """Return the sentence in ``vi`` or ``en``."""
        return self.message_en if language == "en" else self.message_vi


@dataclass(frozen=True)
class Surroundings:
    """What a file may name that lies outside its bundle; None: unknown, and not checked."""

    roles: Collection[str] | None = None
    actions: Collection[str] | None = None
    form_sources: Collection[str] | None = None
    staffed_groups: frozenset[str] | None = None
    """The roles that somebody holds, ``role`` in the whole city or ``role@unit``."""
    now: datetime | None = None
    """The moment by which deadlines are judged."""
