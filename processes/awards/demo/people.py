"""The invented people and the units of the demo, and who holds which role."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, people
from engine.errors import NotFoundError
from engine.models import DefinitionVersion, Person, Unit
from engine.people import local_day
from processes import wiring
from processes.awards import catalogue
from processes.awards.models import AwardRound, RuleSet

MAIL_DOMAIN: Final = "haiphong.invalid"


@dataclass(frozen=True)
class Base:
    """An installed city before anything has happened in it."""

    units: Mapping[str, Unit]
    """By code."""
    people: Mapping[str, Person]
    """By username."""
    rule_sets: Mapping[str, RuleSet]
    """By code."""
    rounds: Mapping[str, AwardRound]
    """By code: ``nam-2026`` (yearly) and ``dot-xuat-2026`` (ad hoc)."""
    definitions: Mapping[str, DefinitionVersion]
    """By key."""

    def person(self, username: str) -> Person:
        """Return the person who signs in as ``username``."""
        return self.people[username]

    def unit(self, code: str) -> Unit:
        """Return the unit of that code."""
        return self.units[code]


def fill_base(
    session: Session, *, now: datetime, password: str | None = None, today: date | None = None
) -> Base:
    """Add units, people with their roles, the catalogue, rounds and published definitions. Flushes.

    What is there already stays as it is. Everybody gets ``password``; without one nobody can sign in. The
    rounds of nominations are open round ``today``, the day of ``now`` unless another is given.
    """
    units = _add_units(session)
    staff = _add_people(session, units, now=now, password=password)
    rule_sets = {rules.code: rules for rules in catalogue.load_catalogue(session)}
    rounds = {found.code: found for found in _add_rounds(session, today or local_day(now))}
    author, publisher = staff["quantri"], staff["quantri2"]
    published = [
        definitions.publish_folder(session, folder, author=author, publisher=publisher, now=now)
        for folder in wiring.DEFINITIONS
    ]
    return Base(units, staff, rule_sets, rounds, {version.key: version for version in published})


def load_base(session: Session) -> Base:
    """Return what ``fill_base`` has added, in another session.

    Raises:
        NotFoundError: it has not been filled.

    """
    versions = {
        folder.name: definitions.latest_published(session, folder.name) for folder in wiring.DEFINITIONS
    }
    staff = {person.username: person for person in session.scalars(select(Person))}
    if "quantri" not in staff:
        raise NotFoundError("the demo has no people yet")
    return Base(
        {unit.code: unit for unit in session.scalars(select(Unit))},
        staff,
        {rules.code: rules for rules in session.scalars(select(RuleSet))},
        {found.code: found for found in session.scalars(select(AwardRound))},
        versions,
    )


def read_entries(name: str) -> list[dict[str, Any]]:
    """Return what a file of the demo lists."""
    entries: list[dict[str, Any]] = json.loads(
        resources.files("processes.awards.demo").joinpath(name).read_text("utf-8")
    )
    return entries


def _add_units(session: Session) -> dict[str, Unit]:
    units = {unit.code: unit for unit in session.scalars(select(Unit))}
    for entry in read_entries("units.json"):
        if entry["code"] not in units:
            units[entry["code"]] = people.create_unit(
                session,
                code=entry["code"],
                name=entry["name"],
                name_en=entry["name_en"],
                kind=entry["kind"],
                parent=units[entry["parent"]] if "parent" in entry else None,
            )
    return units


def _add_people(
    session: Session, units: Mapping[str, Unit], *, now: datetime, password: str | None
) -> dict[str, Person]:
    hashed = people.hash_password(password) if password else None
    staff = {person.username: person for person in session.scalars(select(Person))}
    for entry in read_entries("people.json"):
        if entry["username"] not in staff:
            person = _add_person(session, entry, units, now=now)
            person.password_hash = hashed
            staff[person.username] = person
    session.flush()
    return staff


def _add_person(
    session: Session, entry: Mapping[str, Any], units: Mapping[str, Unit], *, now: datetime
) -> Person:
    person = people.create_person(
        session,
        username=entry["username"],
        full_name=entry["full_name"],
        job_title=entry["job_title"],
        email=f"{entry['username']}@{MAIL_DOMAIN}",
        unit=units[entry["unit"]],
    )
    for held in entry["roles"]:
        unit = units[held["unit"]] if "unit" in held else None
        starts_on = date(local_day(now).year - 1, 1, 1)
        people.give_role(session, person, held["role"], unit=unit, starts_on=starts_on, now=now)
    return person


def _add_rounds(session: Session, today: date) -> list[AwardRound]:
    """Open a yearly round around today and the ad hoc round of the year."""
    year = today.year
    wanted = (
        AwardRound(
            code=f"nam-{year}",
            name=f"Khen thưởng thường xuyên năm {year}",
            name_en=f"Regular awards of {year}",
            year=year,
            opens_on=today - timedelta(days=90),
            closes_on=today + timedelta(days=45),
        ),
        AwardRound(
            code=f"dot-xuat-{year}",
            name=f"Khen thưởng đột xuất, chuyên đề năm {year}",
            name_en=f"Ad hoc and thematic awards of {year}",
            year=year,
            opens_on=date(year, 1, 1),
            closes_on=date(year, 12, 31),
        ),
    )
    present = {found.code: found for found in session.scalars(select(AwardRound))}
    session.add_all(found for found in wanted if found.code not in present)
    session.flush()
    return [present.get(found.code, found) for found in wanted]
