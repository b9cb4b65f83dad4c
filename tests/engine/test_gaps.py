"""Tests of what keeps work from people: empty roles, roles that run out, people without an address."""

from datetime import date, timedelta

import pytest
from factories import MONDAY, person, unit
from sqlalchemy.orm import Session

from engine import people
from engine.models import Person, RoleHolding, Unit
from engine.people import Gap, succession

TODAY = date(2026, 11, 23)
HEAD = "unit_head"


@pytest.fixture
def health(session: Session) -> Unit:
    return unit(session, "health")


def hold(session: Session, who: Person, where: Unit, first: date, last: date | None) -> None:
    session.add(RoleHolding(person=who, role=HEAD, unit=where, starts_on=first, ends_on=last))
    session.flush()


def gaps(session: Session, *codes: str) -> list[Gap]:
    return people.gaps_of_units(session, codes, roles=[HEAD], on=TODAY)


def test_a_unit_with_a_head_who_can_be_written_to_lacks_nothing(session: Session, health: Unit) -> None:
    person(session, "head", [(HEAD, health.code)])

    assert gaps(session, "health") == []


def test_a_unit_without_a_head_is_told(session: Session, health: Unit) -> None:
    gone = person(session, "gone", [(HEAD, health.code)])
    gone.is_active = False
    hold(session, person(session, "coming"), health, TODAY + timedelta(days=1), None)

    assert gaps(session, "health") == [Gap("nobody", "health", health, HEAD)]


def test_a_head_without_an_address_is_told(session: Session, health: Unit) -> None:
    head = person(session, "head", [(HEAD, health.code)])
    head.email = None

    assert gaps(session, "health") == [Gap("no_address", "health", health, HEAD)]
    assert [one.person for one in people.roles_without_mail(session, on=TODAY)] == [head]


@pytest.mark.parametrize(
    ("later", "since"),
    [
        ([], date(2026, 12, 1)),
        ([(date(2026, 12, 2), None)], date(2026, 12, 1)),
        ([(date(2026, 12, 1), date(2026, 12, 31))], date(2027, 1, 1)),
        ([(date(2026, 11, 25), date(2026, 11, 26))], date(2026, 12, 1)),
        ([(date(2026, 12, 1), None)], None),
    ],
)
def test_a_head_who_leaves_without_another_is_told_with_the_day(
    session: Session, health: Unit, later: list[tuple[date, date | None]], since: date | None
) -> None:
    hold(session, person(session, "first"), health, date(2026, 1, 1), date(2026, 11, 30))
    for number, (starts_on, ends_on) in enumerate(later):
        hold(session, person(session, f"later{number}"), health, starts_on, ends_on)

    found = gaps(session, "health")

    assert found == ([Gap("ends", "health", health, HEAD, since)] if since else [])


def test_units_that_are_gone_or_unknown_are_told_in_the_order_asked(session: Session, health: Unit) -> None:
    old, clerk = unit(session, "old"), person(session, "clerk")
    succession.abolish_unit(
        session, old, successor=health, last_day=TODAY - timedelta(days=1), actor=clerk, now=MONDAY
    )

    found = gaps(session, "nowhere", "old", "health")

    assert [(gap.kind, gap.code, gap.since) for gap in found] == [
        ("unknown", "nowhere", None),
        ("gone", "old", TODAY),
        ("nobody", "health", None),
    ]


def test_a_role_that_ends_with_its_unit_is_no_gap(session: Session, health: Unit) -> None:
    old = unit(session, "old")
    head = person(session, "head")
    hold(session, head, old, date(2026, 1, 1), TODAY)
    succession.abolish_unit(session, old, successor=health, last_day=TODAY, actor=head, now=MONDAY)

    assert gaps(session, "old") == []
