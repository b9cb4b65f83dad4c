"""A task of a directive: what a report must say, more time, lateness told once, an end in every way."""

from datetime import date, timedelta
from decimal import Decimal

import directive_moves as moves
import pytest
from institution import Institution
from sqlalchemy import select

from engine import database, people
from engine.calendar import at_end_of_day
from engine.errors import NotAllowedError
from engine.models import Reminder, Task, TaskState
from engine.people import succession
from processes.awards.errors import AnswerError
from processes.awards.models import DirectiveTaskState, ExtensionState, ReportState
from processes.directive_task import cancelling, extending

LATE = "Quá hạn nhiệm vụ"


@pytest.fixture
def sent(city: Institution) -> Institution:
    """Give a city whose directive was sent; the city office and a partner's people are there."""
    moves.hire(city, "office", "city_office")
    moves.hire(city, "partner", "unit_officer", "so_noi_vu")
    moves.send(city)
    return city


def _due_on(city: Institution) -> date:
    with database.transaction(city.factory) as session:
        return moves.the_task(session).due_on


def _open_report(city: Institution) -> Task:
    with database.transaction(city.factory) as session:
        query = select(Task).where(Task.element_id == "report_progress", Task.state == TaskState.OPEN)
        return session.scalars(query).one()


def test_lead_unit_and_partners_are_told_of_task_and_report_days(sent: Institution) -> None:
    told = {address for address, _text in moves.mails(sent, "Giao nhiệm vụ")}
    moves.until(sent, "report_progress")
    asked = {address for address, _text in moves.mails(sent, "Sắp đến kỳ báo cáo")}

    assert told == {"head@example.org", "officer@example.org", "partner@example.org"}
    assert asked == {"partner@example.org"}


def test_an_accepted_report_counts_with_its_figures_and_evidence(sent: Institution) -> None:
    with database.transaction(sent.factory) as session:
        target_id = moves.the_task(session).targets[0].id
    figures = [{"target_id": target_id, "value": Decimal("5.75")}]
    moves.report(sent, moves.answers(figures=figures, evidence=[moves.upload(sent)]))

    with database.transaction(sent.factory) as session:
        task = moves.the_task(session)
        report = task.reports[0]
        assert (report.state, task.progress_percent) == (ReportState.ACCEPTED, 50)
        assert [figure.value for figure in report.figures] == [Decimal("5.75")]
        assert [one.upload.name for one in report.evidence] == ["minh-chung.pdf"]
        assert task.next_report_on is not None
        assert task.next_report_on > report.period_ends_on


def test_a_report_that_is_sent_back_stays_and_the_next_is_another(sent: Institution) -> None:
    moves.report(sent, outcome="send_back")
    sent.complete("officer", "report_progress", **moves.answers(report_text="Đã rõ số liệu."))

    with database.transaction(sent.factory) as session:
        first, second = moves.the_task(session).reports
        assert (first.state, first.judgement) == (ReportState.SENT_BACK, moves.REASON)
        assert (second.state, second.period_ends_on) == (ReportState.WRITTEN, first.period_ends_on)
    assert [address for address, _text in moves.mails(sent, "Báo cáo bị trả lại")] == [
        "head@example.org",
        "officer@example.org",
    ]


def test_a_report_sent_back_on_its_last_day_has_some_days_left(sent: Institution) -> None:
    moves.until(sent, "report_progress")
    sent.later(days=20)
    moves.report(sent, outcome="send_back")

    due_at = _open_report(sent).due_at
    assert due_at is not None
    assert due_at > sent.now + timedelta(days=2)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"progress_percent": Decimal(101)}, "from 0 to 100"),
        ({"progress_percent": Decimal(-1)}, "from 0 to 100"),
        ({"progress_percent": None}, "from 0 to 100"),
        ({"report_text": "  "}, "Say what was done"),
        ({"evidence": [999]}, "A file is gone"),
        ({"is_final": True, "progress_percent": Decimal(90)}, "progress of 100 %"),
        ({"is_final": True, "progress_percent": Decimal(100)}, "missing: GRDP growth"),
    ],
)
def test_a_report_that_cannot_be_is_refused(
    sent: Institution, changes: dict[str, object], sentence: str
) -> None:
    moves.until(sent, "report_progress")

    with pytest.raises(AnswerError, match=sentence):
        sent.complete("officer", "report_progress", **moves.answers(**changes))

    assert "report_progress" in sent.open_elements()


def test_a_figure_is_a_number(sent: Institution) -> None:
    moves.until(sent, "report_progress")
    with database.transaction(sent.factory) as session:
        target_id = moves.the_task(session).targets[0].id

    for value in ("twelve", Decimal(10) ** 18):
        figures = [{"target_id": target_id, "value": value}]
        with pytest.raises(AnswerError, match="give a number"):
            sent.complete("officer", "report_progress", **moves.answers(figures=figures))


def test_progress_falls_only_with_a_reason(sent: Institution) -> None:
    moves.report(sent)
    moves.until(sent, "report_progress")
    lower = moves.answers(progress_percent=Decimal(30))

    with pytest.raises(AnswerError, match="lower than before"):
        sent.complete("officer", "report_progress", **lower)
    sent.complete("officer", "report_progress", **lower, lower_because="Đếm lại.")

    with database.transaction(sent.factory) as session:
        assert moves.the_task(session).reports[-1].lower_because == "Đếm lại."


def test_a_task_is_not_done_without_evidence(sent: Institution) -> None:
    moves.until(sent, "report_progress")

    with pytest.raises(AnswerError, match="evidence"):
        sent.complete("officer", "report_progress", **moves.final_answers(sent, evidence=[]))


def test_lateness_is_told_once_for_each_due_day(sent: Institution) -> None:
    first_day = _due_on(sent)
    while people.local_day(sent.now) <= first_day + timedelta(days=20):
        sent.later(days=3)
    assert {address for address, _text in moves.mails(sent, LATE)} == {
        "head@example.org",
        "agency@example.org",
        "office@example.org",
    }
    assert len(moves.mails(sent, LATE)) == 3

    moves.grant_extension(sent)
    while people.local_day(sent.now) <= _due_on(sent) + timedelta(days=20):
        sent.later(days=3)

    assert len(moves.mails(sent, LATE)) == 6
    assert _due_on(sent) == first_day + timedelta(days=60)


def test_nobody_is_told_of_lateness_where_time_was_given_before(sent: Institution) -> None:
    first_day = _due_on(sent)
    moves.grant_extension(sent)
    while people.local_day(sent.now) <= first_day + timedelta(days=20):
        sent.later(days=3)

    assert moves.mails(sent, LATE) == []


def test_a_late_task_is_reported_on_until_it_is_done(sent: Institution) -> None:
    moves.report_until(sent, days=240)
    moves.finish(sent)

    with database.transaction(sent.factory) as session:
        task = moves.the_task(session)
        after = [report for report in task.reports if report.period_ends_on > task.due_on]
        assert after
        assert task.state is DirectiveTaskState.DONE


def test_more_time_moves_the_report_that_is_being_written_and_its_reminders(city: Institution) -> None:
    moves.send(city, tasks=[moves.task_row(city, rhythm="once")])
    moves.until(city, "report_progress")
    before = _open_report(city).due_at

    moves.grant_extension(city)

    report = _open_report(city)
    with database.transaction(city.factory) as session:
        task = moves.the_task(session)
        assert task.next_report_on == task.due_on
        assert report.due_at == at_end_of_day(task.due_on)
        assert before is not None
        coming = select(Reminder.due_at).where(Reminder.task_id == report.id, Reminder.due_at.is_not(None))
        assert min(moment for moment in session.scalars(coming) if moment) > before
    assert {address for address, _text in moves.mails(city, "Đã cho gia hạn")} == {
        "head@example.org",
        "officer@example.org",
    }


def test_more_time_is_refused_only_with_a_reason(sent: Institution) -> None:
    moves.ask_extension(sent)
    with pytest.raises(AnswerError, match="why it is refused"):
        sent.complete("agency", "decide_extension", extension_outcome="refuse", answer="")

    sent.complete("agency", "decide_extension", extension_outcome="refuse", answer="Không đổi hạn.")

    with database.transaction(sent.factory) as session:
        wish = moves.the_task(session).extensions[0]
        assert (wish.state, wish.answer) == (ExtensionState.REFUSED, "Không đổi hạn.")
    assert len(moves.mails(sent, "Không cho gia hạn")) == 3


def test_less_time_than_wished_may_be_granted_but_none_before_the_due_day(sent: Institution) -> None:
    due_on = _due_on(sent)
    moves.ask_extension(sent)
    for granted_on in (due_on, due_on + timedelta(days=900), None):
        with pytest.raises(AnswerError, match="Choose a new day"):
            sent.complete("agency", "decide_extension", extension_outcome="grant", granted_on=granted_on)

    sent.complete(
        "agency", "decide_extension", extension_outcome="grant", granted_on=due_on + timedelta(days=7)
    )

    assert _due_on(sent) == due_on + timedelta(days=7)


@pytest.mark.parametrize(("days", "reason"), [(0, "Chờ vốn."), (-3, "Chờ vốn."), (900, "Chờ vốn."), (9, " ")])
def test_a_wish_for_more_time_has_a_later_day_and_a_reason(sent: Institution, days: int, reason: str) -> None:
    with database.transaction(sent.factory) as session:
        task, officer = moves.the_task(session), sent.person(session, "officer")
        wished_on = task.due_on + timedelta(days=days)

        with pytest.raises(AnswerError):
            extending.ask_extension(
                session, task, actor=officer, wished_on=wished_on, reason=reason, now=sent.now
            )

        assert task.extensions == []


def test_one_wish_for_more_time_is_decided_before_the_next(sent: Institution) -> None:
    moves.ask_extension(sent)

    with pytest.raises(AnswerError, match="being decided"):
        moves.ask_extension(sent)


def test_only_the_lead_unit_asks_for_more_time(sent: Institution) -> None:
    with database.transaction(sent.factory) as session:
        task, partner = moves.the_task(session), sent.person(session, "partner")
        wished_on = task.due_on + timedelta(days=9)

        with pytest.raises(NotAllowedError):
            extending.ask_extension(
                session, task, actor=partner, wished_on=wished_on, reason="Chờ vốn.", now=sent.now
            )


def test_a_wish_that_nobody_decided_ends_with_the_task(sent: Institution) -> None:
    moves.ask_extension(sent)
    moves.finish(sent)

    with database.transaction(sent.factory) as session:
        assert moves.the_task(session).extensions[0].state is ExtensionState.REFUSED
    assert sent.outcome("directive_task") == "task_done"


def test_a_task_that_is_taken_back_ends_and_the_units_learn_why(sent: Institution) -> None:
    moves.cancel(sent)

    assert sent.outcome("directive_task") == "task_withdrawn"
    told = moves.mails(sent, "Thôi giao nhiệm vụ")
    assert {address for address, _text in told} == {
        "head@example.org",
        "officer@example.org",
        "partner@example.org",
    }
    assert "Trùng việc." in told[0][1]


def test_only_the_head_of_the_agency_takes_a_task_back_with_a_reason(sent: Institution) -> None:
    with database.transaction(sent.factory) as session:
        task = moves.the_task(session)
        with pytest.raises(NotAllowedError):
            cancelling.cancel_task(
                session, task, actor=sent.person(session, "head"), reason="Trùng việc.", now=sent.now
            )
        with pytest.raises(AnswerError):
            cancelling.cancel_task(
                session, task, actor=sent.person(session, "agency"), reason=" ", now=sent.now
            )

        assert task.state is DirectiveTaskState.OPEN


def test_a_task_of_a_unit_that_ends_goes_on_with_its_successor(city: Institution) -> None:
    moves.hire(city, "heir_officer", "unit_officer", "so_noi_vu")
    moves.hire(city, "heir_head", "unit_head", "so_noi_vu")
    moves.send(city, tasks=[moves.task_row(city, partners=[])])
    with database.transaction(city.factory) as session:
        health, home = people.find_unit(session, "so_y_te"), people.find_unit(session, "so_noi_vu")
        assert health is not None
        assert home is not None
        yesterday = people.local_day(city.now) - timedelta(days=1)
        succession.abolish_unit(
            session,
            health,
            successor=home,
            last_day=yesterday,
            actor=city.person(session, "agency"),
            now=city.now,
        )

    moves.until(city, "report_progress")
    city.complete("heir_officer", "report_progress", **moves.answers())
    city.complete("heir_head", "sign_report", signature_outcome="sign")
    city.complete("appraiser", "verify_report", verification_outcome="send_back", reason=moves.REASON)

    told = {address for address, _text in moves.mails(city, "Báo cáo bị trả lại")}
    assert told == {"heir_head@example.org", "heir_officer@example.org"}
