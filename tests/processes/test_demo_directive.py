"""The demo carries out the whole of Directive 01/CT-UBND of 03/01/2024."""

from collections import Counter
from datetime import date

import pytest
from institution import MONDAY
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import database, people
from engine.calendar import load_calendar
from engine.models import Incident, MailState, OutboxMail, Upload
from engine.people import Authority
from processes.awards import directive_distribution, directive_page, directives
from processes.awards.demo import directive, fill_base
from processes.awards.directive_page import Reach
from processes.awards.directive_states import Standing
from processes.awards.models.directives import (
    Directive,
    DirectiveReportState,
    DirectiveState,
    ExtensionState,
    ReportState,
    TaskReport,
)

EVERYTHING = Authority(0, frozenset({("auditor", "")}))


@pytest.fixture
def told(session_factory: sessionmaker[Session]) -> sessionmaker[Session]:
    """Let the demo's people carry out the directive."""
    with database.transaction(session_factory) as session:
        fill_base(session, now=MONDAY - directive.LOOKING_BACK)
    directive.tell(session_factory, MONDAY)
    return session_factory


def test_the_whole_directive_is_carried_out(told: sessionmaker[Session]) -> None:
    with told() as session:
        assert list(session.scalars(select(Incident.message))) == []
        found = session.scalars(select(Directive)).one()
        _the_document_is_whole(found)
        _tasks_stand_in_every_way(session, found)
        _reports_and_wishes_have_every_answer(session, found)
        _it_was_sent_and_mostly_read(session, found)


def _the_document_is_whole(found: Directive) -> None:
    assert (found.number, found.issued_on, found.state) == (
        "01/CT-UBND",
        date(2024, 1, 3),
        DirectiveState.IN_FORCE,
    )
    assert [item.position for item in found.items] == list(range(1, 10))
    assert "106.761,592 tỷ đồng" in found.items[3].text
    assert {task.item.position for task in found.tasks if task.item} == set(range(1, 10))
    targets = [target for task in found.tasks for target in task.targets]
    assert [f"{target.lowest.normalize():f}" for target in targets] == [
        *("11.5", "9000", "106761.592", "45000", "2", "33", "190", "9.1", "35", "13", "0.38", "100")
    ]
    assert [f"{target.highest.normalize():f}" for target in targets if target.highest] == ["12", "2.5"]
    scanned_wrongly = ("bút phá", "chinh trang", "tồn động")
    assert not [one for one in scanned_wrongly for item in found.items if one in item.text]


def _tasks_stand_in_every_way(session: Session, found: Directive) -> None:
    days, today = load_calendar(session), people.local_day(MONDAY)
    rows = [
        directive_page.describe_task(task, today=today, days=days, language="vi")
        for task in directives.find_tasks(session, [found], reader=EVERYTHING)
    ]
    counts = directive_page.count(rows)
    assert set(counts) == {Standing.DONE, Standing.ON_TIME, Standing.AT_RISK, Standing.LATE}
    reaches = Counter(row.reach for row in directive_page.target_rows(rows))
    assert {Reach.REACHED, Reach.ON_PATH, Reach.BEHIND} <= set(reaches)


def _reports_and_wishes_have_every_answer(session: Session, found: Directive) -> None:
    states = set(session.scalars(select(TaskReport.state)))
    assert states == {ReportState.ACCEPTED, ReportState.SUBMITTED, ReportState.SENT_BACK}
    assert all("Số liệu minh họa" in text for text in session.scalars(select(TaskReport.text)))
    wishes = {wish.state for task in found.tasks for wish in task.extensions}
    assert wishes == {ExtensionState.GRANTED, ExtensionState.REFUSED}
    reports = directives.find_reports(session, found, reader=EVERYTHING)
    assert [one.state for one in reports] == [
        DirectiveReportState.DRAFT,
        DirectiveReportState.SENT,
        DirectiveReportState.SENT,
    ]
    made = [session.get_one(Upload, one.pdf_upload_id) for one in reports if one.pdf_upload_id]
    assert [upload.media_type for upload in made] == ["application/pdf"] * 2


def _it_was_sent_and_mostly_read(session: Session, found: Directive) -> None:
    lines = directive_distribution.recipient_rows(session, found)
    assert len(lines) == 13
    assert all(line.deliveries for line in lines)
    deliveries = [row for line in lines for row in line.deliveries]
    assert {row.delivery.read_at is None for row in deliveries} == {True, False}
    failed = [row for row in deliveries if row.last_mail and row.last_mail.state is MailState.FAILED]
    assert len(failed) == 1
    assert directive_distribution.rows_to_remind(lines, now=MONDAY)
    assert not session.scalars(select(OutboxMail).where(OutboxMail.state == MailState.WAITING)).all()
