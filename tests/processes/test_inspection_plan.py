"""The yearly plan of inspections: proposed, agreed, carried out by schedules, changed, summed up."""

from datetime import UTC, date, datetime
from typing import Final

import pytest
from institution import Institution
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import database, history, instances, people, schedules
from engine.errors import NotAllowedError, StepFailedError
from engine.models import OutboxMail, ProcessInstance, Schedule, Task, TaskState, Upload
from processes.awards.errors import AnswerError
from processes.awards.models import Inspection, InspectionPlan, PlannedInspection, PlanState
from processes.inspection import cancelling
from processes.inspection_plan import changing
from processes.inspection_plan.changing import By
from processes.inspection_plan.starts import arrange_starts

YEAR: Final = 2027
NOTICE: Final = date(2027, 3, 1)
VISIT: Final = date(2027, 3, 29)


def begin(city: Institution) -> None:
    """Begin the plan of next year, as the yearly schedule does."""
    with database.transaction(city.factory) as session:
        instances.start(session, "inspection_plan", variables={}, actor=None, now=city.now)


def plan_of(session: Session) -> InspectionPlan:
    return session.scalars(select(InspectionPlan)).one()


def row(unit: str, **more: object) -> dict[str, object]:
    """Return a row of the draft."""
    return {"unit": unit, "notice_on": NOTICE, "visit_on": VISIT, "by_hand_reason": "", **more}


def draft(city: Institution, *rows: dict[str, object], drop_reason: str = "Ít nhân sự") -> None:
    lines = list(rows) or [row("so_y_te")]
    city.complete("inspector", "draft_plan", lines=lines, drop_reason=drop_reason)


def approve(city: Institution, *rows: dict[str, object]) -> None:
    """Bring a plan into force, with the health department alone unless rows say otherwise."""
    begin(city)
    draft(city, *rows)
    city.complete("agency", "review_plan", review_outcome="submit")
    city.complete("chairman", "approve_plan", approval_outcome="approve")


def starts(city: Institution) -> list[tuple[date, list[str]]]:
    """Return the days of the schedules that have still something to start, with their units."""
    with database.transaction(city.factory) as session:
        found = session.scalars(select(Schedule).where(Schedule.due_at.is_not(None)))
        return sorted((one.first_on, one.unit_codes) for one in found)


def line_of(session: Session, code: str = "so_y_te") -> PlannedInspection:
    return next(line for line in plan_of(session).lines if line.unit.code == code)


def by(city: Institution, session: Session, reason: str = "Đơn vị sáp nhập", name: str = "inspector") -> By:
    return By(city.person(session, name), city.authority(session, name), reason)


def mails(city: Institution, word: str) -> list[OutboxMail]:
    with database.transaction(city.factory) as session:
        return list(session.scalars(select(OutboxMail).where(OutboxMail.subject.contains(word))))


@pytest.fixture(autouse=True)
def officer_of_another_unit(city: Institution) -> None:
    """Let the home department have an officer, so that the rule considers it too."""
    with database.transaction(city.factory) as session:
        unit, on = people.find_unit(session, "so_noi_vu"), people.local_day(city.now)
        clerk = city.person(session, "clerk")
        people.give_role(session, clerk, "unit_officer", unit=unit, starts_on=on, now=city.now)


@pytest.fixture
def approved(city: Institution) -> Institution:
    approve(city)
    return city


def test_a_yearly_schedule_begins_the_plan_of_the_next_year(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        schedules.create_schedule(
            session,
            key="inspection_plan",
            name="Kế hoạch kiểm tra năm",
            rhythm="yearly",
            first_on=date(2026, 11, 25),
            now=city.now,
        )
    city.now = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)

    assert schedules.start_due(city.factory, now=city.now) == 1
    assert city.open_elements() == ["draft_plan"]


# Drafting and approval.


def test_a_plan_begins_with_the_units_of_the_rule_and_keeps_its_seed(city: Institution) -> None:
    begin(city)

    with database.transaction(city.factory) as session:
        plan = plan_of(session)
        assert (plan.code, plan.year, plan.state) == ("KHKT-2027", YEAR, PlanState.DRAFT)
        assert {line.unit.code for line in plan.lines} == {"so_y_te", "so_noi_vu"}
        assert plan.seed
        assert session.scalars(select(Task.name)).one() == "Dự thảo kế hoạch"


def test_a_year_has_one_plan(approved: Institution) -> None:
    with pytest.raises(StepFailedError) as failed, database.transaction(approved.factory) as session:
        instances.start(session, "inspection_plan", variables={}, actor=None, now=approved.now)

    assert isinstance(failed.value.__cause__, AnswerError)


def test_a_plan_whose_work_was_ended_is_begun_anew(city: Institution) -> None:
    begin(city)
    with database.transaction(city.factory) as session:
        instance = session.get_one(ProcessInstance, plan_of(session).instance_id)
        instances.cancel(session, instance, actor=None, reason="Nhầm", now=city.now)
    begin(city)

    assert city.open_elements() == ["draft_plan"]


def test_what_the_rule_proposed_is_left_out_with_a_reason(city: Institution) -> None:
    begin(city)
    with pytest.raises(AnswerError) as refused:
        draft(city, drop_reason="")
    assert "Sở Nội vụ" in refused.value.vi

    draft(city)

    with database.transaction(city.factory) as session:
        assert plan_of(session).state is PlanState.UNDER_REVIEW
        assert line_of(session, "so_noi_vu").drop_reason == "Ít nhân sự"
        assert line_of(session).visit_on == VISIT


def test_what_is_added_by_hand_has_a_reason_and_is_shown_as_such(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        people.create_unit(session, code="so_moi", name="Sở Mới", kind="department")
    begin(city)
    with database.transaction(city.factory) as session:
        plan_of(session).lines = [line_of(session)]

    with pytest.raises(AnswerError):
        draft(city, row("so_y_te"), row("so_moi"))
    draft(city, row("so_y_te"), row("so_moi", by_hand_reason="Có đơn phản ánh"))

    with database.transaction(city.factory) as session:
        line = line_of(session, "so_moi")
        assert (line.grounds, line.by_hand_reason) == (["by_hand"], "Có đơn phản ánh")


def test_what_was_left_out_comes_back(city: Institution) -> None:
    begin(city)
    draft(city)
    city.complete("agency", "review_plan", review_outcome="send_back", reason="Cần cả Sở Nội vụ")
    draft(city, row("so_y_te"), row("so_noi_vu"))

    with database.transaction(city.factory) as session:
        assert all(line.dropped_at is None for line in plan_of(session).lines)


@pytest.mark.parametrize(
    "days",
    [
        {"visit_on": None},
        {"notice_on": date(2026, 11, 20)},
        {"visit_on": date(2028, 3, 1)},
        {"visit_on": date(2027, 3, 28)},
        {"notice_on": date(2027, 2, 28)},
        {"notice_on": date(2027, 3, 24)},
    ],
    ids=["no visit", "notice past", "other year", "visit on Sunday", "notice on Sunday", "notice too late"],
)
def test_days_of_a_plan_must_hold(city: Institution, days: dict[str, object]) -> None:
    begin(city)

    with pytest.raises(AnswerError) as refused:
        draft(city, row("so_y_te", **days))
    assert "Sở Y tế" in refused.value.vi
    assert city.open_elements() == ["draft_plan"]


@pytest.mark.parametrize(
    "rows", [[row("so_y_te"), row("so_y_te")], [row("")], [row("so_y_te", inspecting_unit="so_y_te")]]
)
def test_rows_of_a_plan_must_hold(city: Institution, rows: list[dict[str, object]]) -> None:
    begin(city)

    with pytest.raises(AnswerError):
        draft(city, *rows)


def test_a_unit_without_people_inspects_no_other(city: Institution) -> None:
    begin(city)

    with pytest.raises(AnswerError) as refused:
        draft(city, row("so_y_te", inspecting_unit="so_noi_vu"))
    assert "Sở Nội vụ" in refused.value.vi


def test_the_chairman_gives_a_plan_back_with_the_reason(city: Institution) -> None:
    begin(city)
    draft(city)
    city.complete("agency", "review_plan", review_outcome="submit")
    with pytest.raises(AnswerError):
        city.complete("chairman", "approve_plan", approval_outcome="send_back", reason="")
    city.complete("chairman", "approve_plan", approval_outcome="send_back", reason="Nhiều quá")

    assert city.open_elements() == ["draft_plan"]
    assert starts(city) == []
    with database.transaction(city.factory) as session:
        assert plan_of(session).review_note == "chairman: Nhiều quá"


def test_only_the_chairman_approves(city: Institution) -> None:
    begin(city)
    draft(city)
    city.complete("agency", "review_plan", review_outcome="submit")

    with pytest.raises(NotAllowedError):
        city.complete("agency", "approve_plan", approval_outcome="approve")


def test_a_visit_that_is_past_is_not_approved(city: Institution) -> None:
    begin(city)
    draft(city)
    city.complete("agency", "review_plan", review_outcome="submit")
    city.now = datetime(2027, 4, 1, 2, 0, tzinfo=UTC)

    with pytest.raises(AnswerError):
        city.complete("chairman", "approve_plan", approval_outcome="approve")


# Starting.


def test_an_approved_plan_starts_each_inspection_on_its_day(approved: Institution) -> None:
    assert starts(approved) == [(NOTICE, ["so_y_te"])]
    approved.now = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)

    assert schedules.start_due(approved.factory, now=approved.now) == 1
    assert schedules.start_due(approved.factory, now=approved.now) == 0
    with database.transaction(approved.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert (found.planned, found.code) == (line_of(session), "KT-2027-001")
        assert found.visit_at is not None
        assert people.local_day(found.visit_at) == VISIT
    assert "29/03/2027" in mails(approved, "Thông báo kiểm tra")[0].text


def test_units_of_one_day_share_a_schedule_and_arranging_again_adds_none(city: Institution) -> None:
    approve(city, row("so_y_te"), row("so_noi_vu"))
    with database.transaction(city.factory) as session:
        arrange_starts(session, plan_of(session), actor=None, now=city.now)

    assert starts(city) == [(NOTICE, ["so_noi_vu", "so_y_te"])] or starts(city) == [
        (NOTICE, ["so_y_te", "so_noi_vu"])
    ]


def test_a_notice_that_is_past_at_the_approval_goes_out_at_once(city: Institution) -> None:
    begin(city)
    draft(city)
    city.complete("agency", "review_plan", review_outcome="submit")
    city.now = datetime(2027, 3, 10, 2, 0, tzinfo=UTC)
    city.complete("chairman", "approve_plan", approval_outcome="approve")

    assert starts(city) == [(date(2027, 3, 10), ["so_y_te"])]


# Changing.


def test_a_unit_is_dropped_with_the_reason_and_nothing_starts_there(city: Institution) -> None:
    approve(city, row("so_y_te"), row("so_noi_vu"))
    with database.transaction(city.factory) as session:
        changing.drop_line(session, line_of(session), by=by(city, session), now=city.now)

    assert starts(city) == [(NOTICE, ["so_noi_vu"])]
    told = mails(city, "Không kiểm tra theo kế hoạch")
    assert {mail.address for mail in told} == {"head@example.org", "officer@example.org"}
    assert "Đơn vị sáp nhập" in told[0].text
    with database.transaction(city.factory) as session:
        plan = plan_of(session)
        [event] = [
            one
            for one in history.events_of(session, plan.instance_id or 0)
            if one.kind == "inspection_dropped"
        ]
        assert (event.details["unit"], event.details["reason"]) == ("so_y_te", "Đơn vị sáp nhập")


def test_a_unit_is_moved_and_starts_on_its_new_day(approved: Institution) -> None:
    notice_on, visit_on = date(2027, 5, 10), date(2027, 6, 7)
    with database.transaction(approved.factory) as session:
        changing.move_line(
            session,
            line_of(session),
            notice_on=notice_on,
            visit_on=visit_on,
            by=by(approved, session),
            now=approved.now,
        )

    assert starts(approved) == [(notice_on, ["so_y_te"])]
    assert "29/03/2027 → 07/06/2027" in mails(approved, "Đổi ngày kiểm tra")[0].text


def test_a_change_needs_a_reason_and_somebody_who_plans(approved: Institution) -> None:
    with database.transaction(approved.factory) as session:
        with pytest.raises(AnswerError):
            changing.drop_line(session, line_of(session), by=by(approved, session, " "), now=approved.now)
        with pytest.raises(NotAllowedError):
            changing.drop_line(
                session, line_of(session), by=by(approved, session, name="head"), now=approved.now
            )


def test_what_has_begun_or_is_out_is_not_changed_in_the_plan(approved: Institution) -> None:
    approved.now = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
    schedules.start_due(approved.factory, now=approved.now)

    with database.transaction(approved.factory) as session, pytest.raises(AnswerError):
        changing.drop_line(session, line_of(session), by=by(approved, session), now=approved.now)


def test_an_inspection_is_cancelled_by_the_head_of_the_agency_alone(approved: Institution) -> None:
    approved.now = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
    schedules.start_due(approved.factory, now=approved.now)

    def cancel(name: str, reason: str) -> None:
        with database.transaction(approved.factory) as session:
            cancelling.cancel_inspection(
                session,
                session.scalars(select(Inspection)).one(),
                actor=approved.person(session, name),
                authority=approved.authority(session, name),
                reason=reason,
                now=approved.now,
            )

    with pytest.raises(NotAllowedError):
        cancel("head", "Bận")
    with pytest.raises(AnswerError):
        cancel("agency", "")
    cancel("agency", "Đơn vị giải thể")
    approved.settle()

    assert approved.open_elements() == ["summarise_plan"]
    assert "Đơn vị giải thể" in mails(approved, "Hủy cuộc kiểm tra")[0].text


# Summing up.


def test_the_year_is_summed_up_in_december(approved: Institution) -> None:
    approved.later(days=(datetime(2027, 11, 30, tzinfo=UTC) - approved.now).days)
    assert approved.open_elements() == []
    approved.later(days=2)

    assert approved.open_elements() == ["summarise_plan"]
    with database.transaction(approved.factory) as session:
        due_at = session.scalars(select(Task.due_at).where(Task.state == TaskState.OPEN)).one()
        assert due_at is not None
        assert people.local_day(due_at) == date(2027, 12, 15)


def inspect_as_planned(city: Institution) -> None:
    """Carry out the one inspection of the plan, with a remedy."""
    city.now = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
    schedules.start_due(city.factory, now=city.now)
    city.report()
    city.appoint()
    city.visit()
    city.complete("head", "sign_minutes_unit", objections="")
    city.complete("inspector", "sign_minutes_team", minutes_outcome="sign")
    city.conclude(("Lập sổ theo dõi", date(2027, 6, 1)))
    city.mend()
    city.complete("inspector", "verify_remedy", remedy_outcome="verify")


def test_the_year_is_summed_up_once_all_is_inspected(approved: Institution) -> None:
    inspect_as_planned(approved)
    assert approved.open_elements() == ["summarise_plan"]
    approved.complete("inspector", "summarise_plan", summary="Các đơn vị làm tốt.")
    with pytest.raises(AnswerError):
        approved.complete("agency", "sign_summary", summary_outcome="send_back", reason="")
    approved.complete("agency", "sign_summary", summary_outcome="send_back", reason="Thêm số liệu")
    approved.complete("inspector", "summarise_plan", summary="Các đơn vị làm tốt; còn một hạn chế.")
    approved.complete("agency", "sign_summary", summary_outcome="sign")

    assert approved.outcome("inspection_plan") == "year_summarised"
    with database.transaction(approved.factory) as session:
        plan = plan_of(session)
        assert (plan.state, plan.summarised_at) == (PlanState.SUMMARISED, approved.now)
        kept = session.get_one(Upload, plan.summary_upload_id)
        assert (kept.name, kept.media_type) == ("BC-KHKT-2027.pdf", "application/pdf")
    told = mails(approved, "Tổng kết công tác kiểm tra")
    assert {mail.address for mail in told} == {
        f"{name}@example.org" for name in ("chairman", "secretary", "agency", "inspector")
    }
    assert "còn một hạn chế" in told[0].text


def test_who_writes_the_summary_does_not_sign_it(approved: Institution) -> None:
    with database.transaction(approved.factory) as session:
        agency, on = approved.person(session, "agency"), people.local_day(approved.now)
        people.give_role(session, agency, "inspector", starts_on=on, now=approved.now)
    approved.later(days=380)
    approved.complete("agency", "summarise_plan", summary="Tốt.")

    with pytest.raises(NotAllowedError):
        approved.complete("agency", "sign_summary", summary_outcome="sign")


def test_dropping_the_last_unit_that_is_open_sums_the_year_up(approved: Institution) -> None:
    with database.transaction(approved.factory) as session:
        changing.drop_line(session, line_of(session), by=by(approved, session), now=approved.now)
    approved.later(minutes=1)

    assert approved.open_elements() == ["summarise_plan"]
    assert starts(approved) == []
