"""A whole installation for tests of the pages: people of every role, one object of every kind."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from directive_objects import add_directive
from factories import bpmn, flow, publish, start_and_end, user_task
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from engine import clock, definitions, drafts, instances, people
from engine.feel import to_json
from engine.models import Incident, MailState, MigrationPlan, OutboxMail, Person, Schedule, Unit
from engine.settings import Settings
from processes import wiring
from processes.awards import catalogue, council
from processes.awards.models import (
    AwardRound,
    Cluster,
    CouncilMember,
    CouncilSession,
    Decision,
    Dossier,
    DossierStage,
    Inspection,
    InspectionPlan,
    Nominee,
    NomineeKind,
    PlannedInspection,
    Verdict,
)
from processes.awards.roles import ROLES
from web.wiring import Installation

START = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)
PASSWORD = "hoa phượng đỏ bên sông"
PDF = b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\n%%EOF\n"
UNIT_CODES = {"so_y_te": "Sở Y tế", "so_xay_dung": "Sở Xây dựng"}


@dataclass(frozen=True)
class City:
    """One installation with people in it; ``person`` names them by their role."""

    app: Flask
    installation: Installation

    def client(self, username: str = "") -> FlaskClient:
        """Return a browser, signed in as ``username`` if one is given."""
        client = self.app.test_client()
        if username:
            with self.installation.factory() as session:
                person = session.query(Person).filter_by(username=username).one()
            now = clock.now().isoformat()
            with client.session_transaction() as kept:
                kept.update(
                    _user_id=f"{person.id}:{person.session_epoch}",
                    _fresh=True,
                    begun_at=now,
                    seen_at=now,
                    language="vi",
                )
        return client


def add_people(session: Session) -> None:
    """Add two units and one holder of every role; roles of a unit are held in ``so_y_te``."""
    units = {
        code: people.create_unit(session, code=code, name=name, kind="department")
        for code, name in UNIT_CODES.items()
    }
    for code, role in ROLES.items():
        person = people.create_person(session, username=code, full_name=f"Người giữ {role.name_vi}")
        unit: Unit | None = units["so_y_te"] if role.per_unit else None
        people.give_role(session, person, code, now=START, unit=unit)
    other = people.create_person(session, username="other_officer", full_name="Cán bộ đơn vị khác")
    people.give_role(session, other, "unit_officer", now=START, unit=units["so_xay_dung"])
    people.create_person(session, username="nobody", full_name="Người chưa có vai trò")


def open_round(session: Session, now: datetime) -> None:
    """Load the catalogue, publish the institution's own processes, open a round of nominations."""
    today = people.local_day(now)
    catalogue.load_catalogue(session)
    session.add(
        AwardRound(
            code="R1",
            name="Kỳ xét cuối năm",
            name_en="Year end",
            year=today.year,
            opens_on=today - timedelta(days=30),
            closes_on=today + timedelta(days=30),
        )
    )
    author, publisher = person_named(session, "process_administrator"), person_named(session, "auditor")
    for folder in wiring.DEFINITIONS:
        definitions.publish_folder(session, folder, author=author, publisher=publisher, now=now)


def settings_for(var: Path) -> Settings:
    """Return settings whose cookies work without TLS."""
    return Settings(
        var=var,
        database_url=f"sqlite:///{var / 'vinhdanh.sqlite3'}",
        secret_key="a secret of the tests, long enough",
        secure_cookies=False,
    )


def person_named(session: Session, username: str) -> Person:
    """Return the person of that name."""
    return session.query(Person).filter_by(username=username).one()


def add_objects(session: Session) -> None:
    """Add one dossier, task, session, decision, inspection, mail, incident and so on, all of ``so_y_te``."""
    unit = people.find_unit(session, "so_y_te")
    assert unit is not None
    officer, head = person_named(session, "unit_officer"), person_named(session, "unit_head")
    body = (start_and_end(), user_task("prepare", "unit_officer@so_y_te"), flow("start", "prepare", "end"))
    plain = publish(session, "plain", bpmn("plain", *body))
    administrator = person_named(session, "system_administrator")
    session.add(
        MigrationPlan(
            target_version=plain, mapping={}, reason="Thử", created_at=START, created_by=administrator
        )
    )
    files_of_draft = {"plain.bpmn": bpmn("plain", *body, user_task("more"))}
    definitions.create_draft(session, "plain", files_of_draft, author=administrator, now=START)
    drafts.open_draft(session, "plain", editor=person_named(session, "process_administrator"), now=START)
    dossier = _add_dossier(session, unit, officer)
    _add_meeting(session, dossier)
    _add_papers(session, unit)
    add_directive(session, officer=officer, head=head, now=START)
    people.delegate(
        session,
        giver=head,
        taker=officer,
        role="unit_head",
        unit=unit,
        starts_on=date(2036, 1, 1),
        ends_on=date(2036, 1, 2),
        reason="Đi công tác",
        now=START,
    )


def _add_dossier(session: Session, unit: Unit, officer: Person) -> Dossier:
    rule_set = catalogue.load_catalogue(session)[0]
    award = next(rule.award for rule in catalogue.find_awards(session, rule_set) if rule.is_vote_required)
    dossier = Dossier(
        code="HS-2026-0001",
        unit=unit,
        award=award,
        created_at=START,
        created_by_id=officer.id,
        stage=DossierStage.APPRAISING,
        received_at=START,
        rule_set=rule_set,
    )
    dossier.nominees.append(
        Nominee(position=1, kind=NomineeKind.INDIVIDUAL, name="Lê Vân Khánh", verdict=Verdict.ACCEPT)
    )
    session.add(dossier)
    session.flush()
    instance = instances.start(
        session,
        "plain",
        variables={},
        business_key=f"dossier:{dossier.id}",
        title="HS-2026-0001 · Sở Y tế",
        unit=unit,
        actor=None,
        now=START,
    )
    dossier.instance_id = instance.id
    return dossier


def _add_meeting(session: Session, dossier: Dossier) -> None:
    secretary = person_named(session, "council_secretary")
    meeting = CouncilSession(
        code="PH-2025-01", year=2025, number=1, created_at=START, created_by_id=secretary.id
    )
    for role in ("council_member", "council_chair"):
        member = person_named(session, role)
        meeting.members.append(CouncilMember(person=member, is_chair=role == "council_chair"))
    session.add(meeting)
    session.flush()
    council.set_agenda(session, meeting, [dossier])


def _add_papers(session: Session, unit: Unit) -> None:
    clerk = person_named(session, "clerk")
    session.add_all(
        [
            Decision(
                code="DT-2026-001", subject="Về việc khen thưởng", created_at=START, created_by_id=clerk.id
            ),
            Inspection(
                code="KT-2026-001", unit=unit, topic="Thực hiện Chỉ thị 01", opened_at=START, report={}
            ),
            InspectionPlan(
                code="KHKT-2027",
                year=2027,
                rule={},
                seed="5eed",
                drafted_at=START,
                lines=[
                    PlannedInspection(
                        unit=unit, grounds=["random"], notice_on=date(2027, 3, 1), visit_on=date(2027, 4, 1)
                    )
                ],
            ),
            Cluster(code="khoi_so", name="Khối sở, ngành"),
            Schedule(
                key="inspection",
                name="Kiểm tra hằng năm",
                rhythm="yearly",
                first_on=date(2027, 1, 4),
                unit_codes=["so_y_te"],
                variables=to_json({}),
            ),
            OutboxMail(
                dedupe_key="x",
                message_id="<x@test>",
                kind="notice",
                recipient_id=clerk.id,
                address="clerk@example.org",
                language="vi",
                subject="Thông báo",
                text="Nội dung",
                html="<p>Nội dung</p>",
                created_at=START,
                state=MailState.FAILED,
            ),
            Incident(message="no such action", command={"kind": "?"}, happened_at=START),
        ]
    )
    session.flush()
