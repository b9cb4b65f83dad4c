"""What the award rules read: the conditions of a rule set, and the facts about a nominee and his unit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from engine.errors import InvalidInputError
from processes.awards.models import Award, NomineeKind


@dataclass(frozen=True)
class Condition:
    """One condition of a dated rule set; every figure is data that officials may change."""

    rule: str
    article: str
    article_en: str
    certainty: str = "C"
    """A read in a source, B well-founded, C to be asked: only an A fails a nominee."""
    recipient: str = ""
    """individual or collective; empty for both."""
    award: str = ""
    awards: Sequence[str] = ()
    """Slugs."""
    count: int = 1
    consecutive: bool = False
    years: int = 1
    percent: int | None = None
    most: int | None = None
    document: str = ""
    text: str = ""
    text_en: str = ""
    alternative: str = ""
    """Another way to fulfil it, which only a person can judge."""
    alternative_en: str = ""


@dataclass(frozen=True)
class Held:
    """An award that a nominee holds, by an issued decision or by what his unit declares."""

    slug: str
    name: str
    name_en: str
    year: int
    source: str
    source_en: str
    is_sure: bool = True
    """Whether it is surely the same person or body."""
    is_declared: bool = False


@dataclass(frozen=True)
class Rival:
    """The nominee's name in another dossier for the same award and round."""

    code: str
    unit: str
    unit_en: str
    match: str
    """By what he was recognised."""
    match_en: str
    is_sure: bool


@dataclass(frozen=True)
class Standing:
    """The facts about one nominee that rules read."""

    kind: NomineeKind
    award: str
    """The slug of what he is nominated for."""
    year: int
    """The year of the award round."""
    awards: Mapping[str, Award]
    """By slug."""
    documents: frozenset[str] = frozenset()
    """Kinds of documents in the dossier."""
    held: Sequence[Held] = ()
    rivals: Sequence[Rival] = ()
    initiative: str = ""
    serves_since_year: int | None = None
    member_count: int | None = None
    advanced_worker_count: int | None = None
    emulation_fighter_count: int | None = None


@dataclass(frozen=True)
class UnitStanding:
    """What the unit nominates for one award in one round, over all its dossiers."""

    individual_count: int
    collective_count: int
    direct_worker_count: int


def read_conditions(entries: Iterable[Mapping[str, Any]]) -> list[Condition]:
    """Return the conditions of a rule set's award.

    Raises:
        InvalidInputError: an entry has a key nobody reads, or lacks its rule or article.

    """
    known = {field.name for field in fields(Condition)}
    found: list[Condition] = []
    for entry in entries:
        unknown, missing = set(entry) - known, {"rule", "article", "article_en"} - set(entry)
        if unknown or missing:
            raise InvalidInputError(
                f"condition {entry}: unknown {sorted(unknown)}, missing {sorted(missing)}"
            )
        found.append(Condition(**entry))
    return found
