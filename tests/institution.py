"""Walks the processes of this institution: its people hand in tasks, messages arrive, timers fire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from engine import database, files, instances, messages, people, tasks, timers
from engine.calendar import Calendar, at_local_time
from engine.models import Incident, Person, ProcessInstance, Task, TaskState, Unit
from engine.people import Authority
from processes.awards import ballots, checklist, council, decisions, dossiers
from processes.awards.models import Choice, CouncilSession, Decision, Dossier, Inspection, Nominee

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass
class Institution:
    """The people and units of a test, and the moves they make. Each move is its own transaction."""

    factory: sessionmaker[Session]
    engine: Engine
    now: datetime = MONDAY
    staff: dict[str, int] = field(default_factory=dict[str, int])

    def person(self, session: Session, name: str) -> Person:
        """Return the person of that name."""
        return session.get_one(Person, self.staff[name])

    def authority(self, session: Session, name: str) -> Authority:
        """Return what the person may do today."""
        person = self.person(session, name)
        return people.authority_of(session, person, on=people.local_day(self.now))

    def complete(self, name: str, element_id: str, **answers: object) -> None:
        """Let somebody hand in the open task of an element, and let messages arrive."""
        with database.transaction(self.factory) as session:
            task = self._open(session, element_id)
            incident = tasks.complete_task(
                session,
                task,
                actor=self.person(session, name),
                answers=instances.as_context(answers),
                now=self.now,
            )
            assert incident is None, incident.message if incident else ""
        self.settle()

    def _open(self, session: Session, element_id: str) -> Task:
        query = select(Task).where(Task.state == TaskState.OPEN).order_by(Task.id.desc())
        found = session.scalars(query).all()
        return next((task for task in found if task.element_id == element_id), None) or pytest.fail(
            f"{element_id} is not open; open are {[task.element_id for task in found]}"
        )

    def settle(self) -> None:
        """Deliver messages and fire timers that are due; nothing may fail."""
        for _ in range(4):
            messages.deliver_due(self.factory, now=self.now)
            timers.fire_due(self.factory, now=self.now)
        with database.transaction(self.factory) as session:
            said = session.scalars(select(Incident.message)).all()
        assert not said, said

    def later(self, **delta: float) -> None:
        """Let time pass; what falls due happens."""
        self.now += timedelta(**delta)
        self.settle()

    def open_elements(self) -> list[str]:
        """Return the user tasks that are open now."""
        with database.transaction(self.factory) as session:
            query = select(Task.element_id).where(Task.state == TaskState.OPEN).order_by(Task.element_id)
            return list(session.scalars(query))

    def outcome(self, key: str = "nomination") -> str:
        """Return the end event of the key's youngest instance; empty while it runs."""
        with database.transaction(self.factory) as session:
            query = select(ProcessInstance.outcome).where(ProcessInstance.key == key)
            return session.scalars(query.order_by(ProcessInstance.id.desc())).first() or ""

    # The unit and the agency.

    def begin(self) -> int:
        """Begin a dossier of the officer's unit."""
        with database.transaction(self.factory) as session:
            unit = session.scalars(select(Unit).where(Unit.code == "so_y_te")).one()
            actor = self.person(session, "officer")
            return dossiers.start_nomination(session, unit=unit, actor=actor, now=self.now).id

    def prepare(self, *names: str, award: str = "bang_khen_tinh_cong_trang") -> None:
        """Write the unit's dossier for these nominees."""
        rows = [
            {
                "kind": "individual",
                "name": name,
                "achievement": "Hoàn thành xuất sắc.",
                "is_direct_worker": True,
            }
            for name in names
        ]
        self.complete(
            "officer", "prepare_dossier", award_round="2026", award=award, summary="Đợt 1", nominees=rows
        )

    def submit(self, *names: str, award: str = "bang_khen_tinh_cong_trang") -> int:
        """Bring a dossier to its appraisal."""
        dossier_id = self.begin()
        self.prepare(*names, award=award)
        self.complete("head", "sign_submission", submission_outcome="sign", submission_number="1/TTr-SYT")
        self.complete("appraiser", "receive_dossier", receipt_outcome="receive")
        return dossier_id

    def appraise(self, dossier_id: int, verdicts: Mapping[str, str], **more: object) -> None:
        """Judge the nominees; who is not named is accepted."""
        with database.transaction(self.factory) as session:
            nominees = session.get_one(Dossier, dossier_id).nominees
            rows = [
                {
                    "nominee_id": nominee.id,
                    "verdict": verdicts.get(nominee.name, "accept"),
                    "reason": "Chưa đủ thành tích.",
                }
                for nominee in nominees
            ]
        self.complete("appraiser", "appraise_dossier", nominees=rows, opinion="", **more)

    def to_council(self, *names: str, award: str = "bang_khen_tinh_cong_trang") -> int:
        """Bring a dossier before the council with all its nominees accepted."""
        dossier_id = self.submit(*names, award=award)
        self.appraise(dossier_id, {})
        self.complete("agency", "approve_appraisal", approval_outcome="approve")
        return dossier_id

    def withdraw(self, dossier_id: int, name: str) -> None:
        """Let somebody withdraw a dossier."""
        with database.transaction(self.factory) as session:
            dossiers.withdraw(
                session,
                session.get_one(Dossier, dossier_id),
                actor=self.person(session, name),
                authority=self.authority(session, name),
                reason="Đơn vị xin rút.",
                now=self.now,
            )
        self.settle()

    # The council.

    def call_session(self, name: str = "secretary") -> int:
        """Let somebody call a session, which has no agenda yet."""
        with database.transaction(self.factory) as session:
            return council.create_session(
                session,
                actor=self.person(session, name),
                authority=self.authority(session, name),
                now=self.now,
            ).id

    def call_council(self, *dossier_ids: int) -> int:
        """Call a session and open its ballot with everybody present."""
        session_id = self.call_session()
        self.make_agenda(*dossier_ids)
        self.complete("secretary", "open_session", present_members=self.members())
        return session_id

    def make_agenda(self, *dossier_ids: int) -> None:
        """Put dossiers on the agenda of a meeting in an hour."""
        self.complete(
            "secretary",
            "make_agenda",
            dossiers=[str(number) for number in dossier_ids],
            meets_at=self.now + timedelta(hours=1),
            closes_at=self.now + timedelta(hours=4),
            place="Phòng họp số 1",
        )

    def members(self) -> list[str]:
        """Return what the roll call names the members."""
        return [str(self.staff[name]) for name in ("member_1", "member_2", "chair")]

    def vote(self, session_id: int, name: str, *choices: Choice) -> str:
        """Cast one choice per line the member may vote on, in the order of the agenda."""
        with database.transaction(self.factory) as session:
            meeting = session.get_one(CouncilSession, session_id)
            member = self.person(session, name)
            excluded = ballots.excluded_lines(session, meeting, member)
            lines = [line.id for line in meeting.lines if line.id not in excluded]
            sheet = dict(zip(lines, choices, strict=True))
            return ballots.cast(session, meeting, member=member, choices=sheet, now=self.now)

    def vote_all(self, session_id: int, *choices: Choice) -> None:
        """Let those vote who are not of the nominating unit."""
        for name in ("member_1", "chair"):
            self.vote(session_id, name, *choices)

    def finish_council(self) -> None:
        """Close the ballot and sign the minutes."""
        self.complete("secretary", "close_voting")
        self.complete("chair", "sign_minutes", minutes_note="")

    # The decision.

    def draft(self) -> int:
        """Begin a draft decision."""
        with database.transaction(self.factory) as session:
            return decisions.start_decision(
                session,
                subject="Về việc tặng Bằng khen của Chủ tịch Ủy ban nhân dân thành phố",
                actor=self.person(session, "agency"),
                authority=self.authority(session, "agency"),
                now=self.now,
            ).id

    def sign(self, **answers: object) -> None:
        """Submit the draft and let the Chairman answer."""
        self.complete("agency", "submit_decision", submission_note="")
        self.complete("chairman", "sign_decision", **({"outcome": "sign"} | answers))

    def pulled(self, name: str, state: str) -> dict[str, object]:
        """Return how the Chairman pulls a nominee out of the draft: ``later`` or ``refused``."""
        with database.transaction(self.factory) as session:
            lines = self.decision(session).lines
            line_id = next(line.id for line in lines if line.nominee.name == name)
        return {"line_id": str(line_id), "state": state, "reason": "Có đơn phản ánh."}

    def number(self) -> None:
        """Number the decision today."""
        self.complete("clerk", "number_decision", issued_on=people.local_day(self.now))

    # The inspection.

    def inspect(self, **variables: object) -> None:
        """Start an inspection, of the officer's unit unless another is given."""
        with database.transaction(self.factory) as session:
            instances.start(
                session,
                "inspection",
                variables=instances.as_context({"unit_code": "so_y_te"} | variables),
                actor=None,
                now=self.now,
            )

    def in_office(self, working_days: int) -> datetime:
        """Return nine o'clock so many working days from now."""
        day = Calendar().add_working_days(people.local_day(self.now), working_days)
        return at_local_time(day, time(9))

    def add_paper(self, name: str, *, text: str = "") -> int:
        """Hand in a file as the person and return the upload's id."""
        with database.transaction(self.factory) as session:
            paper = b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\n" + text.encode() + b"\n%%EOF\n"
            person = self.person(session, name)
            return files.store_upload(session, paper, "minh-chung.pdf", person=person, now=self.now).id

    def self_report(self, **answers: object) -> None:
        """Write the unit's self-report with one file of evidence."""
        report = dict.fromkeys(checklist.TOPICS, "Đã thực hiện.") | {"direct_worker_percent": 62.5}
        proof = {"movements_files": [self.add_paper("officer")]}
        self.complete("officer", "submit_self_report", **(report | proof | answers))

    def report(self) -> None:
        """Bring an inspection to the point where its report is signed and suffices."""
        self.self_report()
        self.complete("head", "sign_self_report", report_outcome="sign")
        self.complete("inspector", "review_self_report", review_outcome="accept")

    def appoint(self, **answers: object) -> None:
        """Appoint a team that visits the unit in three working days."""
        team: dict[str, object] = {
            "team_leader": str(self.staff["inspector"]),
            "team_secretary": str(self.staff["appraiser"]),
            "team_members": [],
            "visit_at": self.in_office(3),
            "visit_place": "Trụ sở Sở Y tế",
        }
        self.complete("agency", "appoint_team", **(team | answers))

    def visit(self, **answers: object) -> None:
        """Visit the unit on its day and write the minutes, which find one thing to fall short."""
        with database.transaction(self.factory) as session:
            visit_at = session.scalars(select(Inspection.visit_at).order_by(Inspection.id.desc())).first()
        if visit_at is not None and self.now < visit_at:
            self.later(hours=(visit_at - self.now) / timedelta(hours=1))
        findings = [
            {"topic": "movements", "text": "Có kế hoạch, có sơ kết.", "is_shortcoming": False},
            {"topic": "record_keeping", "text": "Thiếu sổ theo dõi.", "is_shortcoming": True},
        ]
        written = {"visit_outcome": "done", "attendance": "Ông Nguyễn Văn A, Giám đốc", "findings": findings}
        self.complete("appraiser", "write_minutes", **(written | answers))

    def to_conclusion(self, objections: str = "") -> None:
        """Bring an inspection to the head of the agency, with minutes that both sides have signed."""
        self.inspect()
        self.report()
        self.appoint()
        self.visit()
        self.complete("head", "sign_minutes_unit", objections=objections)
        self.complete("inspector", "sign_minutes_team", minutes_outcome="sign")

    def conclude(self, *remedies: tuple[str, date], **answers: object) -> None:
        """Conclude the inspection with what is to be mended, and by when."""
        rows = [{"text": text, "due_on": due_on} for text, due_on in remedies]
        said = {"conclusion": "Còn hạn chế." if rows else "Làm tốt.", "remedies": rows}
        self.complete("agency", "conclude_inspection", **(said | answers))

    def mend(self) -> None:
        """Report the youngest open remedy with a file that proves it."""
        proof = self.add_paper("officer", text="Đã khắc phục")
        self.complete("officer", "report_remedy", remedy_note="Đã bổ sung.", remedy_files=[proof])

    # What was written.

    def nominee(self, session: Session, name: str) -> Nominee:
        """Return the youngest nominee of that name."""
        return session.scalars(
            select(Nominee).where(Nominee.name == name).order_by(Nominee.id.desc())
        ).first() or (pytest.fail(f"no nominee {name}"))

    def decision(self, session: Session) -> Decision:
        """Return the youngest decision."""
        return session.scalars(select(Decision).order_by(Decision.id.desc())).first() or pytest.fail(
            "no decision"
        )
