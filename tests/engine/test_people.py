"""Tests of who may act in which role on which day."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import people
from engine.errors import InvalidInputError, NotFoundError
from engine.models import HistoryEvent, Person, Unit
from engine.people import Authority
from engine.setup import Role, Setup

TODAY = date(2026, 11, 23)
GOOD_PASSWORD = "hoa phượng đỏ 26"


@pytest.fixture
def setup(setup: Setup) -> Setup:
    head = Role("unit_head", "Thủ trưởng đơn vị", "Unit head", per_unit=True)
    chairman = Role("chairman", "Chủ tịch", "Chairman")
    return replace(setup, roles={role.code: role for role in (head, chairman)})


@pytest.fixture
def health(session: Session) -> Unit:
    return people.create_unit(session, code="so_y_te", name="Sở Y tế", kind="department")


@pytest.fixture
def khe(session: Session, health: Unit) -> Person:
    return people.create_person(session, username="khe", full_name="Đoàn Sơn Khê", unit=health)


@pytest.fixture
def mien(session: Session, health: Unit) -> Person:
    return people.create_person(session, username="mien", full_name="Vũ Hạ Miên", unit=health)


def roles_of(session: Session, person: Person, on: date = TODAY) -> frozenset[tuple[str, str]]:
    return people.authority_of(session, person, on=on).roles


def test_a_city_wide_holding_is_no_holding_in_a_unit() -> None:
    authority = Authority(1, frozenset({("chairman", ""), ("unit_head", "so_y_te")}))

    assert authority.holds("chairman")
    assert authority.holds("unit_head", "so_y_te")
    assert not authority.holds("unit_head")
    assert not authority.holds("chairman", "so_y_te")
    assert authority.units_of("unit_head") == {"so_y_te"}


def test_a_role_is_held_from_its_first_day_to_its_last(
    session: Session, khe: Person, health: Unit, monday: datetime
) -> None:
    people.give_role(
        session, khe, "unit_head", unit=health, starts_on=TODAY, ends_on=TODAY + timedelta(days=1), now=monday
    )

    held = [roles_of(session, khe, TODAY + timedelta(days=shift)) for shift in (-1, 0, 1, 2)]

    head = frozenset({("unit_head", "so_y_te")})
    assert held == [frozenset(), head, head, frozenset()]


def test_an_inactive_person_holds_nothing(
    session: Session, khe: Person, health: Unit, monday: datetime
) -> None:
    people.give_role(session, khe, "unit_head", unit=health, now=monday)
    khe.is_active = False
    session.flush()

    assert roles_of(session, khe) == frozenset()
    assert people.people_holding(session, "unit_head", "so_y_te", on=TODAY) == []


def test_a_delegate_acts_while_the_giver_holds_the_role(
    session: Session, khe: Person, mien: Person, health: Unit, monday: datetime
) -> None:
    holding = people.give_role(session, khe, "unit_head", unit=health, now=monday)
    people.delegate(
        session,
        giver=khe,
        taker=mien,
        role="unit_head",
        unit=health,
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=3),
        reason="Đi công tác",
        now=monday,
    )
    assert roles_of(session, mien) == {("unit_head", "so_y_te")}
    assert people.people_holding(session, "unit_head", "so_y_te", on=TODAY) == [khe, mien]

    people.end_role(session, holding, last_day=TODAY, now=monday)

    assert roles_of(session, mien, TODAY + timedelta(days=1)) == frozenset()


def test_groups_in_which_somebody_may_act_that_day(
    session: Session, khe: Person, mien: Person, health: Unit, monday: datetime
) -> None:
    people.give_role(session, khe, "unit_head", unit=health, now=monday)
    people.give_role(session, mien, "chairman", now=monday, ends_on=TODAY)

    assert people.staffed_groups(session, on=TODAY) == {"unit_head@so_y_te", "chairman"}
    assert people.staffed_groups(session, on=TODAY + timedelta(days=1)) == {"unit_head@so_y_te"}
    mien.is_active = False
    assert people.staffed_groups(session, on=TODAY) == {"unit_head@so_y_te"}
    khe.is_active = False
    assert people.staffed_groups(session, on=TODAY) == frozenset()


def test_what_is_lent_is_not_lent_on(
    session: Session, khe: Person, mien: Person, health: Unit, monday: datetime
) -> None:
    people.give_role(session, khe, "unit_head", unit=health, now=monday)
    lend = partial(
        people.delegate,
        session,
        role="unit_head",
        unit=health,
        starts_on=TODAY,
        ends_on=TODAY,
        reason="Nghỉ",
        now=monday,
    )
    lend(giver=khe, taker=mien)
    third = people.create_person(session, username="third", full_name="Người Thứ Ba")

    with pytest.raises(InvalidInputError):
        lend(giver=mien, taker=third)


def test_a_delegation_is_seen_and_ended_by_its_two_people(
    session: Session, khe: Person, mien: Person, monday: datetime
) -> None:
    people.give_role(session, khe, "chairman", now=monday)
    lent = people.delegate(
        session,
        giver=khe,
        taker=mien,
        role="chairman",
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=9),
        reason="Nghỉ phép",
        now=monday,
    )
    stranger = people.create_person(session, username="stranger", full_name="Người Lạ")
    assert people.get_delegation(session, lent.id, reader=mien) is lent
    with pytest.raises(NotFoundError):
        people.get_delegation(session, lent.id, reader=stranger)

    people.end_delegation(session, lent, actor=khe, now=monday)

    assert people.delegations_of(session, khe, on=TODAY) == []
    assert roles_of(session, mien) == frozenset()


def test_a_role_is_held_where_it_belongs(
    session: Session, khe: Person, health: Unit, monday: datetime
) -> None:
    for role, unit in (("unit_head", None), ("chairman", health), ("emperor", None)):
        with pytest.raises(InvalidInputError):
            people.give_role(session, khe, role, unit=unit, now=monday)


def test_a_role_that_is_over_already_is_not_given(session: Session, khe: Person, monday: datetime) -> None:
    with pytest.raises(people.AppointmentError) as refused:
        people.give_role(
            session, khe, "chairman", now=monday, starts_on=date(2026, 1, 1), ends_on=date(2026, 11, 22)
        )

    assert refused.value.code == "past"


def test_a_role_is_not_held_twice_at_a_time(session: Session, khe: Person, monday: datetime) -> None:
    people.give_role(session, khe, "chairman", now=monday)

    with pytest.raises(InvalidInputError):
        people.give_role(session, khe, "chairman", starts_on=TODAY + timedelta(days=5), now=monday)


def test_a_role_taken_back_before_its_start_was_never_held(
    session: Session, khe: Person, monday: datetime
) -> None:
    holding = people.give_role(session, khe, "chairman", now=monday)

    people.end_role(session, holding, last_day=TODAY - timedelta(days=1), now=monday)

    assert roles_of(session, khe) == frozenset()


def test_giving_and_ending_a_role_is_history(session: Session, khe: Person, monday: datetime) -> None:
    holding = people.give_role(session, khe, "chairman", now=monday, actor=khe)
    people.end_role(session, holding, last_day=TODAY, now=monday, actor=khe)

    events = session.scalars(select(HistoryEvent).order_by(HistoryEvent.number)).all()

    assert [event.kind for event in events] == ["role_given", "role_ended"]
    assert events[1].details["ends_on"] == "2026-11-23"


def test_people_are_found_without_marks_and_in_order(session: Session, khe: Person, mien: Person) -> None:
    assert people.find_people(session, "doan khe") == [khe]
    assert people.find_people(session) == [khe, mien]
    assert people.find_people(session, "100%") == []


def test_units_are_found_without_marks(session: Session, health: Unit) -> None:
    assert people.find_units(session, "y te") == [health]
    assert people.find_unit(session, "so_y_te") is health


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"username": "Khê"}, "username", "malformed"),
        ({"username": "khe"}, "username", "taken"),
        ({"full_name": "  "}, "full_name", "missing"),
        ({"email": "khe at haiphong"}, "email", "malformed"),
    ],
)
def test_a_person_entered_wrongly_is_refused_at_the_field(
    session: Session, khe: Person, changes: dict[str, str], field: str, code: str
) -> None:
    given = {"username": "new", "full_name": "Người Mới", "email": "", **changes}

    with pytest.raises(people.RegisterError) as refused:
        people.create_person(
            session, username=given["username"], full_name=given["full_name"], email=given["email"]
        )

    assert (refused.value.field, refused.value.code) == (field, code)
    assert people.find_people(session) == [khe]


def test_people_without_an_address_are_found(session: Session, khe: Person, mien: Person) -> None:
    people.change_person(
        session, khe, full_name="Đoàn Sơn Khê", job_title="Giám đốc", email=" khe@syt.vn ", unit=None
    )

    assert (khe.email, khe.unit) == ("khe@syt.vn", None)
    assert people.find_people(session, without_address=True) == [mien]
    assert people.find_people(session, "giam doc") == [khe]


@pytest.mark.parametrize("code", ["Sở", "so y te", "so_y_te", "", "x" * 61])
def test_a_bad_unit_code_is_refused(session: Session, health: Unit, code: str) -> None:
    assert health.code == "so_y_te"
    with pytest.raises(InvalidInputError):
        people.create_unit(session, code=code, name="Sở", kind="department")


def test_the_right_password_signs_in(session: Session, khe: Person) -> None:
    people.set_password(session, khe, GOOD_PASSWORD)

    assert people.verify_password(session, "khe", GOOD_PASSWORD) is khe
    assert people.verify_password(session, "khe", GOOD_PASSWORD + "!") is None
    assert people.verify_password(session, "nobody", GOOD_PASSWORD) is None
    assert khe.session_epoch == 1


def test_an_inactive_person_cannot_sign_in(session: Session, khe: Person) -> None:
    people.set_password(session, khe, GOOD_PASSWORD)
    khe.is_active = False
    session.flush()

    assert people.verify_password(session, "khe", GOOD_PASSWORD) is None


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("ngắn", "too_short"),
        ("x" * 201, "too_long"),
        ("Mật khẩu 2026", "guessable"),
        ("aaaaaaaaaaaa", "guessable"),
        ("khe 20261123", "guessable"),
        (GOOD_PASSWORD, ""),
    ],
)
def test_a_weak_password_is_named(session: Session, khe: Person, password: str, problem: str) -> None:
    assert people.password_problem(khe, password) == problem
    if problem:
        with pytest.raises(InvalidInputError):
            people.set_password(session, khe, password)
