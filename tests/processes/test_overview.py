"""The figures of the home pages."""

from datetime import timedelta

import pytest
from institution import MONDAY, Institution
from sqlalchemy.orm import Session

from engine import people
from engine.models import Unit
from engine.people import Authority, local_day
from processes.awards import catalogue, overview
from processes.awards.models import (
    CouncilSession,
    CouncilState,
    Decision,
    DecisionState,
    Dossier,
    DossierStage,
    Inspection,
    InspectionState,
    Remedy,
    RemedyState,
)

TODAY = local_day(MONDAY)


@pytest.fixture
def health(session: Session, city: Institution) -> Unit:
    assert city
    found = people.find_unit(session, "so_y_te")
    assert found is not None
    return found


def reader(session: Session, city: Institution, name: str) -> Authority:
    return people.authority_of(session, city.person(session, name), on=TODAY)


def add_dossier(
    session: Session, city: Institution, unit: Unit, stage: DossierStage, *, days: int = 0
) -> Dossier:
    """Add a dossier that was received so many days before Monday."""
    received_at = MONDAY - timedelta(days=days)
    dossier = Dossier(
        code=f"HS-{stage.value}-{days}",
        unit=unit,
        created_at=received_at - timedelta(days=90),
        created_by_id=city.staff["officer"],
        stage=stage,
        received_at=received_at,
        rule_set=catalogue.load_catalogue(session)[0],
    )
    session.add(dossier)
    session.flush()
    return dossier


def test_running_dossiers_are_counted_by_stage(session: Session, city: Institution, health: Unit) -> None:
    for days in (1, 2):
        add_dossier(session, city, health, DossierStage.APPRAISING, days=days)
    add_dossier(session, city, health, DossierStage.SENT)
    add_dossier(session, city, health, DossierStage.GRANTED)

    counts = overview.count_by_stage(session, reader(session, city, "officer"))

    assert list(counts.items()) == [(DossierStage.SENT, 1), (DossierStage.APPRAISING, 2)]


def test_another_unit_counts_nothing(session: Session, city: Institution, health: Unit) -> None:
    add_dossier(session, city, health, DossierStage.SENT)

    assert overview.count_by_stage(session, Authority(1, frozenset({("unit_officer", "x")}))) == {}


def test_the_dossier_that_waits_longest_comes_first(
    session: Session, city: Institution, health: Unit
) -> None:
    young = add_dossier(session, city, health, DossierStage.SENT, days=1)
    old = add_dossier(session, city, health, DossierStage.APPRAISING, days=20)
    add_dossier(session, city, health, DossierStage.AWAITING_COUNCIL, days=40)

    found = overview.dossiers_with_the_agency(session)

    assert [(one.code, one.since) for one in found] == [
        (old.code, MONDAY - timedelta(days=20)),
        (young.code, MONDAY - timedelta(days=1)),
    ]


def test_a_round_is_open_until_the_end_of_its_last_day(session: Session, city: Institution) -> None:
    assert city
    [this_year] = overview.rounds_open(session, TODAY)

    assert list(overview.rounds_open(session, this_year.closes_on)) == [this_year]
    assert list(overview.rounds_open(session, this_year.closes_on + timedelta(days=1))) == []


def test_sessions_to_come_are_those_not_counted(session: Session, city: Institution) -> None:
    for number, state in enumerate([CouncilState.INVITED, CouncilState.COUNTED, CouncilState.PLANNING]):
        session.add(
            CouncilSession(
                code=f"PH-{number}",
                year=2026,
                number=number,
                state=state,
                meets_at=MONDAY if state is CouncilState.INVITED else None,
                created_at=MONDAY,
                created_by_id=city.staff["secretary"],
            )
        )
    session.flush()

    assert [one.code for one in overview.sessions_to_come(session)] == ["PH-0", "PH-2"]


def test_decisions_to_sign_are_those_submitted(session: Session, city: Institution) -> None:
    for state in (DecisionState.DRAFT, DecisionState.SUBMITTED):
        session.add(
            Decision(
                code=state.value,
                subject="Về việc",
                state=state,
                created_at=MONDAY,
                created_by_id=city.staff["clerk"],
            )
        )
    session.flush()

    assert [(one.code, one.line_count) for one in overview.decisions_to_sign(session)] == [("submitted", 0)]


def test_remedies_are_open_until_verified_and_the_units_own(
    session: Session, city: Institution, health: Unit
) -> None:
    inspection = Inspection(
        code="KT-1",
        unit=health,
        topic="Chỉ thị",
        opened_at=MONDAY,
        report={},
        state=InspectionState.AWAITING_REMEDY,
    )
    inspection.remedies[:] = [
        Remedy(position=number, text=state.value, due_on=TODAY - timedelta(days=number), state=state)
        for number, state in enumerate(RemedyState)
    ]
    session.add(inspection)
    session.flush()

    def texts(authority: Authority) -> list[str]:
        return [one.text for one in overview.open_remedies(session, authority)]

    assert texts(reader(session, city, "officer")) == ["reported", "open"]
    assert texts(reader(session, city, "inspector")) == ["reported", "open"]
    assert texts(Authority(1, frozenset({("unit_officer", "x")}))) == []
    assert overview.count_inspections(session, reader(session, city, "inspector")) == {
        InspectionState.AWAITING_REMEDY: 1
    }
