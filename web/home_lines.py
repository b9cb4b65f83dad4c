"""What the panels of the home page are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from engine.people import Authority

LINES_SHOWN: Final = 6


@dataclass(frozen=True)
class Line:
    """One line of a panel: what it is and where it leads; at the right a chip, or a number."""

    name: str
    address: str
    sub: str = ""
    holder: str = ""
    chip: str = ""
    """The modifier of the chip's class, maybe empty."""
    chip_text: str = ""
    number: str = ""


@dataclass(frozen=True)
class Block:
    """One panel. ``lines`` are shown, ``total`` counts all; ``address`` leads to the list of all."""

    heading: str
    lines: Sequence[Line]
    address: str
    all_label: str
    empty_heading: str
    empty_text: str
    total: int
    is_late: bool = False
    note: str = ""


@dataclass(frozen=True)
class View:
    """For whom and when the page is made."""

    session: Session
    authority: Authority
    now: datetime
