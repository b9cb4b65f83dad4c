"""The base of the demo: a city in which every role is held and everything is published."""

from datetime import timedelta

import pytest
from institution import MONDAY
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import people
from engine.models import DefinitionVersion, Person, RoleHolding, Unit, VersionState
from engine.text import nfc
from processes import wiring
from processes.awards import catalogue
from processes.awards.demo.people import Base, fill_base, load_base
from processes.awards.models import Award

PASSWORD = "mo-cua-xem-thu"


@pytest.fixture
def base(session: Session) -> Base:
    return fill_base(session, now=MONDAY, password=PASSWORD)


def test_every_role_is_held_on_the_day_and_before_it(session: Session, base: Base) -> None:
    for day in (people.local_day(MONDAY), people.local_day(MONDAY - timedelta(days=90))):
        held = {
            role
            for person in base.people.values()
            for role, _unit in people.authority_of(session, person, on=day).roles
        }
        assert held == set(wiring.ROLES)


def test_units_that_nominate_have_an_officer_and_a_head(session: Session, base: Base) -> None:
    officers = {person.username for person in base.people.values() if person.username.startswith("canbo.")}
    heads = {person.username for person in base.people.values() if person.username.startswith("thutruong.")}

    assert len(officers) >= 2
    assert {name.partition(".")[2] for name in officers} == {name.partition(".")[2] for name in heads}
    for name in officers:
        person = base.person(name)
        assert person.unit is not None
        authority = people.authority_of(session, person, on=people.local_day(MONDAY))
        assert authority.holds("unit_officer", person.unit.code)


def test_the_council_has_nine_members_and_a_chair(session: Session, base: Base) -> None:
    on = people.local_day(MONDAY)

    assert len(people.people_holding(session, "council_member", on=on)) == 9
    assert people.people_holding(session, "council_chair", on=on) == [base.person("chutichhoidong")]


def test_everybody_signs_in_with_the_one_password(session: Session, base: Base) -> None:
    assert people.verify_password(session, "chutich", PASSWORD) == base.person("chutich")
    assert {person.password_hash is None for person in base.people.values()} == {False}


def test_without_a_password_nobody_signs_in(session: Session) -> None:
    base = fill_base(session, now=MONDAY)

    assert {person.password_hash for person in base.people.values()} == {None}


def test_catalogue_rounds_and_definitions_are_there(session: Session, base: Base) -> None:
    assert session.scalar(select(func.count()).select_from(Award)) == 43
    assert set(base.rule_sets) == {"2025-07", "2026-10"}
    assert len(catalogue.open_rounds(session, people.local_day(MONDAY))) == 2
    assert set(base.definitions) == {folder.name for folder in wiring.DEFINITIONS}
    for version in base.definitions.values():
        assert version.state is VersionState.PUBLISHED
        assert version.created_by_id != version.published_by_id


def test_filling_again_adds_nothing(session: Session, base: Base) -> None:
    def counts() -> list[int | None]:
        tables = (Unit, Person, RoleHolding, Award, DefinitionVersion)
        return [session.scalar(select(func.count()).select_from(table)) for table in tables]

    before = counts()
    again = fill_base(session, now=MONDAY)

    assert counts() == before
    assert again.definitions == base.definitions
    assert set(load_base(session).people) == set(base.people)


def test_there_is_no_district_and_every_name_has_english(base: Base) -> None:
    names = [unit.name for unit in base.units.values()]

    assert [name for name in names if "quận" in name.lower() or "huyện" in name.lower()] == []
    assert [unit.code for unit in base.units.values() if not unit.name_en] == []
    texts = [*names, *(person.full_name for person in base.people.values())]
    assert [text for text in texts if text != nfc(text)] == []
