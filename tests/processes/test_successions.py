"""Tests of what the institution hands over with a unit: clusters, plans, tasks of directives, dossiers."""

from datetime import date, timedelta

import pytest
from factories import MONDAY, person, unit
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import people
from engine.models import Person, RoleHolding, Unit
from engine.people import local_day, succession
from processes.awards import catalogue, council, dossiers, inspections, permissions
from processes.awards.dossiers import DossierQuery
from processes.awards.inspections import InspectionQuery
from processes.awards.models import (
    Cluster,
    ClusterMember,
    CouncilMember,
    CouncilSession,
    CouncilState,
    Directive,
    DirectiveTask,
    DirectiveTaskPartner,
    Dossier,
    DossierStage,
    ExclusionKind,
    Inspection,
    InspectionPlan,
    Nominee,
    NomineeKind,
    PlannedInspection,
    Verdict,
    VoteExclusion,
)

TODAY = local_day(MONDAY)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def old(session: Session) -> Unit:
    return unit(session, "old")


@pytest.fixture
def new(session: Session) -> Unit:
    return unit(session, "new")


@pytest.fixture
def clerk(session: Session) -> Person:
    return person(session, "clerk")


def merge(session: Session, old: Unit, new: Unit, clerk: Person) -> None:
    succession.abolish_unit(session, old, successor=new, last_day=YESTERDAY, actor=clerk, now=MONDAY)


def dossier_of(session: Session, unit: Unit, clerk: Person) -> Dossier:
    rule_set = catalogue.load_catalogue(session)[0]
    award = next(rule.award for rule in catalogue.find_awards(session, rule_set) if rule.is_vote_required)
    dossier = Dossier(
        code="HS-2026-0001",
        unit=unit,
        award=award,
        rule_set=rule_set,
        received_at=MONDAY,
        created_at=MONDAY,
        created_by_id=clerk.id,
        stage=DossierStage.APPRAISING,
    )
    dossier.nominees.append(
        Nominee(position=1, kind=NomineeKind.INDIVIDUAL, name="Lê Vân Khánh", verdict=Verdict.ACCEPT)
    )
    session.add(dossier)
    session.flush()
    return dossier


def meeting_on(session: Session, dossier: Dossier, member: Person, clerk: Person) -> CouncilSession:
    meeting = CouncilSession(
        code="PH-2026-01", year=2026, number=1, created_at=MONDAY, created_by_id=clerk.id
    )
    meeting.members.append(CouncilMember(person=member, unit=member.unit, is_chair=False))
    session.add(meeting)
    session.flush()
    council.set_agenda(session, meeting, [dossier])
    return meeting


def test_the_successors_officer_sees_the_dossiers_of_the_old_unit(
    session: Session, old: Unit, new: Unit, clerk: Person
) -> None:
    dossier = dossier_of(session, old, clerk)
    officer = person(session, "officer", [("unit_officer", "new")])

    merge(session, old, new, clerk)

    authority = people.authority_of(session, officer, on=TODAY)
    found = dossiers.find_dossiers(session, reader=authority, query=DossierQuery(unit_code="new"))
    assert [row.id for row in found.rows] == [dossier.id]
    assert found.rows[0].unit == "old"
    assert permissions.can_see_dossier(authority, dossier)
    assert permissions.can_withdraw(authority, dossier)
    assert not permissions.can_nominate(authority, old)


def test_a_member_from_the_successor_does_not_vote_on_the_old_unit(
    session: Session, old: Unit, new: Unit, clerk: Person
) -> None:
    member = person(session, "member", home="new")
    meeting = meeting_on(session, dossier_of(session, old, clerk), member, clerk)
    merge(session, old, new, clerk)

    council.freeze_electorate(session, meeting, now=MONDAY)

    exclusion = session.scalars(select(VoteExclusion)).one()
    assert (exclusion.person_id, exclusion.kind) == (member.id, ExclusionKind.OWN_UNIT)


def test_no_unit_goes_over_while_a_ballot_is_open_on_it(
    session: Session, old: Unit, new: Unit, clerk: Person
) -> None:
    meeting = meeting_on(session, dossier_of(session, new, clerk), person(session, "member"), clerk)
    meeting.state = CouncilState.VOTING
    session.flush()

    with pytest.raises(succession.NotSucceededError) as refused:
        merge(session, old, new, clerk)

    assert refused.value.code == "held_up"


def test_the_successor_takes_the_place_in_the_cluster(
    session: Session, old: Unit, new: Unit, clerk: Person
) -> None:
    cluster = Cluster(code="khoi-1", name="Khối 1")
    session.add(cluster)
    session.flush()
    session.add(ClusterMember(unit_id=old.id, cluster_id=cluster.id, position=3))
    session.flush()

    merge(session, old, new, clerk)

    places = session.scalars(select(ClusterMember)).all()
    assert [(place.unit_id, place.position) for place in places] == [(new.id, 3)]


def test_planned_inspections_go_over_unless_the_successor_is_planned_itself(
    session: Session, old: Unit, new: Unit, clerk: Person
) -> None:
    other = unit(session, "other")
    plans = [
        InspectionPlan(code=f"KHKT-{year}", year=year, rule={}, seed="1", drafted_at=MONDAY)
        for year in (2026, 2027)
    ]
    session.add_all(plans)
    for plan, planned in ((plans[0], (old, new)), (plans[1], (old, other))):
        plan.lines += [
            PlannedInspection(
                unit=one, inspecting_unit=old if one is other else None, grounds=[], **days(plan.year)
            )
            for one in planned
        ]
    session.flush()

    merge(session, old, new, clerk)

    first, second = [[(line.unit.code, line.dropped_at is None) for line in plan.lines] for plan in plans]
    assert first == [("old", False), ("new", True)]
    assert second == [("new", True), ("other", True)]
    assert plans[1].lines[1].inspecting_unit_id == new.id
    assert plans[0].lines[0].drop_reason == "Đơn vị đã sáp nhập vào new, đã có trong kế hoạch."


def days(year: int) -> dict[str, date]:
    return {"notice_on": date(year, 12, 1), "visit_on": date(year, 12, 15)}


def test_open_tasks_of_directives_go_over(session: Session, old: Unit, new: Unit, clerk: Person) -> None:
    directive = Directive(
        number="01/CT-UBND",
        subject="Chỉ thị",
        issued_on=TODAY,
        signer="A",
        signer_title="Chủ tịch",
        closes_on=TODAY,
        entered_at=MONDAY,
    )
    session.add(directive)
    session.flush()
    task = DirectiveTask(
        directive_id=directive.id,
        position=1,
        name="Báo cáo",
        lead_unit_id=old.id,
        starts_on=TODAY,
        due_on=TODAY,
        rhythm="once",
    )
    task.partners.append(DirectiveTaskPartner(unit_id=old.id))
    session.add(task)
    session.flush()

    merge(session, old, new, clerk)

    session.refresh(task)
    assert (task.lead_unit_id, [one.unit_id for one in task.partners]) == (new.id, [new.id])


def test_a_role_holder_of_both_is_one_person(session: Session, old: Unit, new: Unit, clerk: Person) -> None:
    both = person(session, "both", [("unit_head", "old"), ("unit_head", "new")])
    merge(session, old, new, clerk)

    assert people.people_holding(session, "unit_head", "old", on=TODAY) == [both]
    ends = session.scalars(
        select(RoleHolding.ends_on).where(RoleHolding.person_id == both.id).order_by(RoleHolding.id)
    ).all()
    assert ends == [YESTERDAY, None]


def test_inspections_of_the_old_unit_are_found_under_the_new(
    session: Session, old: Unit, new: Unit, clerk: Person
) -> None:
    session.add(Inspection(code="KT-2026-001", unit=old, topic="Chỉ thị 01", opened_at=MONDAY, report={}))
    head = person(session, "head", [("unit_head", "new")])
    merge(session, old, new, clerk)

    found = inspections.find_inspections(
        session,
        reader=people.authority_of(session, head, on=TODAY),
        query=InspectionQuery(unit_code="new"),
        on=TODAY,
    )

    assert [row.code for row in found.rows] == ["KT-2026-001"]
