"""The dossiers of the demo: who is nominated for what, and how far each goes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any


@dataclass(frozen=True)
class Case:
    """One dossier of the demo and how far it goes; ``login`` names the unit's people."""

    unit: str
    login: str
    award: str
    round: str
    to: str
    summary: str
    nominees: Sequence[Sequence[Any]]
    """Kind, name, job title, workplace, flags (w direct worker, f female), achievement, initiative.

    Where there is more, a mapping of what the unit declares: ``born_on``, ``held`` (award -> how many years
    ago), ``serves_for_years``, ``member_count``, ``advanced_worker_count``, ``emulation_fighter_count``.
    """


def cases() -> list[Case]:
    """Read the dossiers of the demo."""
    text = resources.files("processes.awards.demo").joinpath("dossiers.json").read_text("utf-8")
    return [Case(**entry) for entry in json.loads(text)]


def nominee_row(nominee: Sequence[Any], year: int) -> dict[str, object]:
    """Return a nominee as the unit's form hands him in."""
    kind, name, job_title, workplace, flags, achievement, initiative, *declared = nominee
    return {
        "kind": kind,
        "name": name,
        "job_title": job_title,
        "workplace": workplace,
        "is_direct_worker": "w" in flags,
        "is_female": "f" in flags,
        "achievement": achievement,
        "initiative": initiative,
    } | _declared(*declared, year=year)


def _declared(facts: Mapping[str, Any] | None = None, *, year: int) -> dict[str, object]:
    """Return what the unit declares of a nominee; awards are told by how many years ago they were."""
    found = dict(facts or {})
    held: Mapping[str, Sequence[int]] = found.pop("held", {})
    lines = [f"{name}; {', '.join(str(year - ago) for ago in years)}" for name, years in held.items()]
    if "born_on" in found:
        found["born_on"] = date.fromisoformat(found["born_on"])
    if "serves_for_years" in found:
        found["serves_since_year"] = year - found.pop("serves_for_years")
    return {**found, "prior_awards": "\n".join(lines)}
