"""Every path of the inspection, walked by its people's answers."""

from datetime import date, datetime, timedelta
from typing import Final

import pytest
from institution import MONDAY, Institution
from sqlalchemy import select

from engine import database, people, schedules, tasks
from engine.errors import NotAllowedError
from engine.models import CalendarEntry, OutboxMail, Task, TaskState, Upload
from engine.setup import FormCall
from processes import wiring
from processes.awards.errors import AnswerError
from processes.awards.models import (
    Inspection,
    InspectionEvidence,
    InspectionKind,
    InspectionState,
    Remedy,
    RemedyState,
    TeamDuty,
)

LATER: Final = date(2027, 1, 29)


def state(city: Institution) -> InspectionState:
    with database.transaction(city.factory) as session:
        return session.scalars(
            select(Inspection.state).order_by(Inspection.id.desc())
        ).first() or pytest.fail("no inspection")


def due_on(city: Institution, element_id: str) -> list[date]:
    """Return the days on which the open tasks of an element are due."""
    with database.transaction(city.factory) as session:
        found = select(Task.due_at).where(Task.element_id == element_id, Task.state == TaskState.OPEN)
        return [people.local_day(moment) for moment in session.scalars(found.order_by(Task.due_at)) if moment]


def mails(city: Institution, word: str) -> list[OutboxMail]:
    """Return the mails whose subject has a word."""
    with database.transaction(city.factory) as session:
        found = select(OutboxMail).where(OutboxMail.subject.contains(word)).order_by(OutboxMail.id)
        return list(session.scalars(found))


def complete_one(city: Institution, name: str, element_id: str, remedy: str, **answers: object) -> None:
    """Hand in the task of one of several remedies, recognised by its text."""
    with database.transaction(city.factory) as session:
        open_ones = select(Task).where(Task.element_id == element_id, Task.state == TaskState.OPEN)
        remedy_id = session.scalars(select(Remedy.id).where(Remedy.text == remedy)).one()
        task = next(
            task
            for task in session.scalars(open_ones)
            if tasks.variables_of(session, task)["remedy_id"] == remedy_id
        )
        actor = city.person(session, name)
        assert tasks.complete_task(session, task, actor=actor, answers=answers, now=city.now) is None
    city.settle()


def values_of(city: Institution, name: str, element_id: str) -> dict[str, object]:
    """Return what the form of an open task begins with."""
    with database.transaction(city.factory) as session:
        task = session.scalars(
            select(Task).where(Task.element_id == element_id, Task.state == TaskState.OPEN)
        ).one()
        source = wiring.FORM_SOURCES[tasks.element_of(session, task).properties["values"]]
        variables, reader = tasks.variables_of(session, task), city.person(session, name)
        return dict(source(FormCall(session, task.instance, task, variables, reader, city.now)))


# Notice and self-report.


def test_the_unit_is_told_at_once_and_has_its_days(city: Institution) -> None:
    city.inspect(self_report_days=3, topic="Hồ sơ khen thưởng", visit_on=date(2026, 12, 4))

    told = mails(city, "Thông báo kiểm tra")
    assert {mail.address for mail in told} == {"officer@example.org", "head@example.org"}
    assert "Hồ sơ khen thưởng" in told[0].text
    assert "04/12/2026" in told[0].text
    # 24/11 is a public holiday.
    assert due_on(city, "submit_self_report") == [date(2026, 11, 27)]


def test_a_report_is_due_before_a_visit_that_comes_soon(city: Institution) -> None:
    city.inspect(visit_on=date(2026, 11, 27))

    assert due_on(city, "submit_self_report") == [date(2026, 11, 26)]


def test_an_unplanned_inspection_keeps_why_it_was_called(city: Institution) -> None:
    city.inspect(kind="unplanned", reason="Có đơn phản ánh")

    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert (found.kind, found.reason) == (InspectionKind.UNPLANNED, "Có đơn phản ánh")
    assert "Có đơn phản ánh" in mails(city, "Thông báo kiểm tra")[0].text


def test_a_unit_without_people_is_reported_to_the_agency(city: Institution) -> None:
    city.inspect(unit_code="so_noi_vu")

    told = mails(city, "Đơn vị chưa có người phụ trách")
    assert {mail.address for mail in told} == {"agency@example.org", "inspector@example.org"}
    assert "thủ trưởng, cán bộ thi đua, khen thưởng" in told[0].text


def test_a_self_report_comes_with_its_evidence(city: Institution) -> None:
    city.inspect()
    city.self_report(models="3 điển hình")

    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert (found.report["models"], found.report["direct_worker_percent"]) == ("3 điển hình", "62.5")
        proof = session.scalars(select(InspectionEvidence)).one()
        assert (proof.topic, proof.upload.name) == ("movements", "minh-chung.pdf")
        assert proof.upload.instance_id == found.instance_id


def test_a_self_report_without_evidence_is_refused(city: Institution) -> None:
    city.inspect()

    with pytest.raises(AnswerError):
        city.self_report(movements_files=[])
    assert city.open_elements() == ["submit_self_report"]


def test_the_head_sends_a_report_back_with_the_reason(city: Institution) -> None:
    city.inspect()
    city.self_report(models="3 điển hình")
    city.complete("head", "sign_self_report", report_outcome="send_back", reason="Thiếu số liệu")

    values = values_of(city, "officer", "submit_self_report")
    assert (values["models"], values["inspector_note"]) == ("3 điển hình", "head: Thiếu số liệu")
    assert len(values["movements_files"]) == 1  # type: ignore[arg-type]  # a list


def test_only_the_head_of_the_unit_signs_its_report(city: Institution) -> None:
    city.inspect()
    city.self_report()

    with pytest.raises(NotAllowedError):
        city.complete("officer", "sign_self_report", report_outcome="sign")


def test_a_report_that_does_not_suffice_goes_back_with_a_day(city: Institution) -> None:
    city.inspect()
    city.self_report()
    city.complete("head", "sign_self_report", report_outcome="sign")
    city.complete(
        "inspector",
        "review_self_report",
        review_outcome="send_back",
        review_note="Thiếu số liệu",
        next_report_due_on=date(2026, 12, 2),
    )

    assert state(city) is InspectionState.AWAITING_REPORT
    assert due_on(city, "submit_self_report") == [date(2026, 12, 2)]


@pytest.mark.parametrize(
    "answers",
    [{"review_note": " "}, {"review_note": "Thiếu", "next_report_due_on": date(2026, 11, 23)}],
)
def test_sending_a_report_back_needs_a_reason_and_a_day_to_come(
    city: Institution, answers: dict[str, object]
) -> None:
    city.inspect()
    city.self_report()
    city.complete("head", "sign_self_report", report_outcome="sign")

    with pytest.raises(AnswerError):
        city.complete("inspector", "review_self_report", review_outcome="send_back", **answers)
    assert city.open_elements() == ["review_self_report"]


def test_the_moment_a_report_first_came_stays(city: Institution) -> None:
    city.inspect(self_report_days=1)
    city.later(days=7)
    city.self_report()
    city.complete("head", "sign_self_report", report_outcome="sign")
    first = city.now
    city.complete("inspector", "review_self_report", review_outcome="send_back", review_note="Thiếu")
    city.later(days=1)
    city.self_report()
    city.complete("head", "sign_self_report", report_outcome="sign")

    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert found.reported_at == first
        assert found.report_due_on is not None
        assert people.local_day(first) > found.report_due_on


def test_an_inspection_goes_on_without_a_report(city: Institution) -> None:
    city.inspect()
    city.later(days=45)

    assert city.open_elements() == ["appoint_team"]
    assert {mail.address for mail in mails(city, "Không nộp báo cáo")} == {
        "head@example.org",
        "officer@example.org",
        "agency@example.org",
        "inspector@example.org",
    }


# Team and visit.


def to_team(city: Institution) -> None:
    city.inspect()
    city.report()


def test_the_visit_is_in_the_calendars_of_unit_and_team(city: Institution) -> None:
    to_team(city)
    city.appoint()

    assert state(city) is InspectionState.AWAITING_VISIT
    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert [(member.person_id, member.duty) for member in found.team] == [
            (city.staff["inspector"], TeamDuty.LEADER),
            (city.staff["appraiser"], TeamDuty.SECRETARY),
        ]
        entry = session.scalars(select(CalendarEntry)).one()
        assert (entry.key, entry.starts_at) == (f"inspection_visit:{found.id}", found.visit_at)
        assert {(one.role, one.unit_code, one.person_id) for one in entry.audience} == {
            ("unit_head", "so_y_te", None),
            ("unit_officer", "so_y_te", None),
            ("", "", city.staff["inspector"]),
            ("", "", city.staff["appraiser"]),
        }
        task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
        assert (task.element_id, task.assignee_id) == ("write_minutes", city.staff["appraiser"])
    assert {mail.address for mail in mails(city, "Lịch kiểm tra")} == {
        "head@example.org",
        "officer@example.org",
        "inspector@example.org",
        "appraiser@example.org",
    }


@pytest.mark.parametrize(
    "visit_at",
    [
        None,
        MONDAY - timedelta(days=3),
        MONDAY + timedelta(days=1),
        MONDAY + timedelta(days=5),
        MONDAY + timedelta(days=400),
    ],
    ids=["none", "past", "holiday", "weekend", "too far"],
)
def test_a_visit_needs_a_working_day_to_come(city: Institution, visit_at: datetime | None) -> None:
    to_team(city)

    with pytest.raises(AnswerError):
        city.appoint(visit_at=visit_at)
    assert city.open_elements() == ["appoint_team"]


def test_a_closed_day_is_named_with_the_next_one_that_is_open(city: Institution) -> None:
    to_team(city)

    with pytest.raises(AnswerError) as refused:
        city.appoint(visit_at=MONDAY + timedelta(days=1))

    assert "24/11/2026" in refused.value.vi
    assert "25/11/2026" in refused.value.vi


@pytest.mark.parametrize("field", ["team_leader", "team_secretary"])
def test_a_team_needs_a_leader_and_a_secretary(city: Institution, field: str) -> None:
    to_team(city)

    with pytest.raises(AnswerError):
        city.appoint(**{field: None})


def test_one_person_has_one_duty(city: Institution) -> None:
    to_team(city)

    with pytest.raises(AnswerError):
        city.appoint(team_secretary=str(city.staff["inspector"]))


@pytest.mark.parametrize("name", ["head", "member_2", "clerk"])
def test_nobody_of_the_unit_and_nobody_without_a_role_is_in_the_team(city: Institution, name: str) -> None:
    to_team(city)

    with pytest.raises(AnswerError) as refused:
        city.appoint(team_members=[str(city.staff[name])])
    assert name in refused.value.vi


def test_who_acts_for_the_unit_is_not_offered_for_the_team(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        unit = people.find_unit(session, "so_y_te")
        appraiser = city.person(session, "appraiser")
        on = people.local_day(MONDAY)
        people.give_role(session, appraiser, "unit_officer", unit=unit, starts_on=on, now=MONDAY)
    to_team(city)

    values = values_of(city, "agency", "appoint_team")
    assert values["candidates"] == [{"label": "inspector", "value": str(city.staff["inspector"])}]


def test_who_concludes_does_not_lead_the_team(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        agency = city.person(session, "agency")
        people.give_role(session, agency, "inspector", starts_on=people.local_day(MONDAY), now=MONDAY)
    to_team(city)

    with pytest.raises(AnswerError):
        city.appoint(team_leader=str(city.staff["agency"]))


def test_a_postponed_visit_moves_in_the_calendars_and_is_told(city: Institution) -> None:
    to_team(city)
    city.appoint()
    later = city.in_office(10)
    city.complete(
        "appraiser",
        "write_minutes",
        visit_outcome="postpone",
        visit_at=later,
        visit_place="Như cũ",
        postpone_reason="Lãnh đạo đơn vị đi công tác",
    )

    assert city.open_elements() == ["write_minutes"]
    with database.transaction(city.factory) as session:
        entry = session.scalars(select(CalendarEntry)).one()
        assert (entry.starts_at, entry.sequence) == (later, 1)
    assert "Lãnh đạo đơn vị đi công tác" in mails(city, "Hoãn kiểm tra")[0].text


def test_a_visit_is_not_postponed_to_its_own_hour_or_without_a_reason(city: Institution) -> None:
    to_team(city)
    city.appoint()
    same = {"visit_outcome": "postpone", "visit_place": "Như cũ", "postpone_reason": "Bận"}

    with pytest.raises(AnswerError):
        city.complete("appraiser", "write_minutes", **same, visit_at=city.in_office(3))
    with pytest.raises(AnswerError):
        city.complete(
            "appraiser", "write_minutes", **(same | {"postpone_reason": ""}), visit_at=city.in_office(9)
        )


def test_minutes_are_not_written_before_the_visit(city: Institution) -> None:
    to_team(city)
    city.appoint()

    with pytest.raises(AnswerError):
        city.complete(
            "appraiser",
            "write_minutes",
            visit_outcome="done",
            attendance="Ông A",
            findings=[{"topic": "fund", "text": "Đủ", "is_shortcoming": False}],
        )


@pytest.mark.parametrize(
    "answers",
    [
        {"findings": []},
        {"findings": [{"topic": "fund", "text": "", "is_shortcoming": True}]},
        {"attendance": ""},
    ],
    ids=["nothing found", "shortcoming without words", "nobody there"],
)
def test_minutes_say_what_was_found_and_who_was_there(city: Institution, answers: dict[str, object]) -> None:
    to_team(city)
    city.appoint()

    with pytest.raises(AnswerError):
        city.visit(**answers)


def test_the_minutes_begin_with_a_row_for_each_topic(city: Institution) -> None:
    to_team(city)
    city.appoint()

    rows = values_of(city, "appraiser", "write_minutes")["findings"]
    assert isinstance(rows, list)
    assert rows[1] == {
        "topic": "movements",
        "topic_name": "Phong trào thi đua đã phát động, hưởng ứng",
        "reported": "Đã thực hiện.",
        "text": "",
        "is_shortcoming": False,
    }


# Signatures.


def test_both_sides_sign_and_the_minutes_are_kept_as_pdf(city: Institution) -> None:
    city.to_conclusion("Đề nghị ghi rõ số liệu.")

    assert city.open_elements() == ["conclude_inspection"]
    assert state(city) is InspectionState.CONCLUDING
    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert found.objections == "Đề nghị ghi rõ số liệu."
        assert (found.unit_signed_by_id, found.team_signed_by_id) == (
            city.staff["head"],
            city.staff["inspector"],
        )
        kept = session.get_one(Upload, found.minutes_upload_id)
        assert (kept.name, kept.media_type) == ("BB-KT-2026-001.pdf", "application/pdf")
        assert kept.instance_id == found.instance_id


def test_a_unit_that_does_not_sign_holds_nobody_up(city: Institution) -> None:
    to_team(city)
    city.appoint()
    city.visit()
    city.later(days=6)
    assert city.open_elements() == ["sign_minutes_unit"]

    city.later(days=4)

    assert city.open_elements() == ["sign_minutes_team"]
    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert (found.unit_signed_at, found.unit_silent_at is not None) == (None, True)


def test_the_team_sees_the_objections_and_may_amend(city: Institution) -> None:
    to_team(city)
    city.appoint()
    city.visit()
    city.complete("head", "sign_minutes_unit", objections="Sổ có đủ.")
    assert values_of(city, "inspector", "sign_minutes_team")["objections_text"] == "Sổ có đủ."

    city.complete("inspector", "sign_minutes_team", minutes_outcome="amend")
    city.visit(findings=[{"topic": "record_keeping", "text": "Có sổ theo dõi.", "is_shortcoming": False}])

    assert city.open_elements() == ["sign_minutes_unit"]
    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert [finding.text for finding in found.findings] == ["Có sổ theo dõi."]
        assert found.unit_signed_at is None


def test_only_somebody_of_the_team_signs_for_it(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        on = people.local_day(MONDAY)
        people.give_role(session, city.person(session, "clerk"), "inspector", starts_on=on, now=MONDAY)
    to_team(city)
    city.appoint()
    city.visit()
    city.complete("head", "sign_minutes_unit", objections="")

    with pytest.raises((AnswerError, NotAllowedError)):
        city.complete("clerk", "sign_minutes_team", minutes_outcome="sign")


# Conclusion and remedies.


def test_an_inspection_ends_with_its_conclusion(city: Institution) -> None:
    city.to_conclusion()
    city.conclude()

    assert (city.outcome("inspection"), state(city)) == ("inspection_concluded", InspectionState.CONCLUDED)
    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert (found.code, found.conclusion, found.closed_at) == ("KT-2026-001", "Làm tốt.", city.now)


def test_nobody_of_the_team_concludes(city: Institution) -> None:
    city.to_conclusion()

    with pytest.raises(NotAllowedError):
        city.complete("inspector", "conclude_inspection", conclusion="Làm tốt.", remedies=[])


def test_each_remedy_has_its_own_day_and_is_followed_on_its_own(city: Institution) -> None:
    city.to_conclusion()
    city.conclude(("Lập sổ", date(2026, 12, 31)), ("Kiện toàn Hội đồng", LATER))
    assert due_on(city, "report_remedy") == [date(2026, 12, 31), LATER]

    proof = city.add_paper("officer", text="sổ")
    done = {"remedy_note": "Đã lập.", "remedy_files": [proof]}
    complete_one(city, "officer", "report_remedy", "Lập sổ", **done)
    complete_one(city, "inspector", "verify_remedy", "Lập sổ", remedy_outcome="verify")

    assert city.open_elements() == ["report_remedy"]
    assert state(city) is InspectionState.AWAITING_REMEDY
    with database.transaction(city.factory) as session:
        remedies = session.scalars(select(Remedy).order_by(Remedy.position)).all()
        assert [remedy.state for remedy in remedies] == [RemedyState.VERIFIED, RemedyState.OPEN]

    city.mend()
    city.complete("inspector", "verify_remedy", remedy_outcome="verify")

    assert (city.outcome("inspection"), state(city)) == ("inspection_closed", InspectionState.CONCLUDED)
    assert {mail.address for mail in mails(city, "Kết thúc kiểm tra")} >= {
        "head@example.org",
        "officer@example.org",
    }


def test_a_remedy_that_falls_short_has_a_new_day(city: Institution) -> None:
    city.to_conclusion()
    city.conclude(("Lập sổ", date(2026, 12, 31)))
    city.mend()
    city.complete(
        "inspector", "verify_remedy", remedy_outcome="send_back", review_note="Còn thiếu", next_due_on=LATER
    )

    assert due_on(city, "report_remedy") == [LATER]
    assert values_of(city, "officer", "report_remedy")["remedy_returned"] == "Còn thiếu"


def test_a_remedy_without_proof_is_refused(city: Institution) -> None:
    city.to_conclusion()
    city.conclude(("Lập sổ", LATER))

    with pytest.raises(AnswerError):
        city.complete("officer", "report_remedy", remedy_note="Đã xong.", remedy_files=[])


@pytest.mark.parametrize("answers", [{}, {"review_note": "Thiếu", "next_due_on": date(2026, 11, 20)}])
def test_a_remedy_goes_back_with_a_reason_and_a_day(city: Institution, answers: dict[str, object]) -> None:
    city.to_conclusion()
    city.conclude(("Lập sổ", LATER))
    city.mend()

    with pytest.raises(AnswerError):
        city.complete("inspector", "verify_remedy", remedy_outcome="send_back", **answers)


@pytest.mark.parametrize("day", [None, date(2026, 11, 23), date(2028, 1, 1)])
def test_a_remedy_needs_a_day_within_a_year(city: Institution, day: date | None) -> None:
    city.to_conclusion()

    with pytest.raises(AnswerError):
        city.complete(
            "agency", "conclude_inspection", conclusion="Sót.", remedies=[{"text": "Lập sổ", "due_on": day}]
        )


def test_a_hold_says_why_and_is_told(city: Institution) -> None:
    city.to_conclusion()
    city.conclude(("Lập sổ", LATER), holds_awards=True, hold_reason="Hồ sơ không lưu.")

    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert (found.holds_awards, found.hold_reason) == (True, "Hồ sơ không lưu.")
    assert "Hồ sơ không lưu." in mails(city, "Kết luận kiểm tra")[0].text


@pytest.mark.parametrize("remedies", [[], [("Lập sổ", LATER)]], ids=["nothing to mend", "no reason"])
def test_a_hold_needs_something_to_mend_and_a_reason(
    city: Institution, remedies: list[tuple[str, date]]
) -> None:
    city.to_conclusion()

    with pytest.raises(AnswerError):
        city.conclude(*remedies, holds_awards=True, hold_reason="")


# Who else inspects, and what starts an inspection.


def test_another_unit_inspects_in_a_cross_inspection(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        home = people.find_unit(session, "so_noi_vu")
        on = people.local_day(MONDAY)
        people.give_role(
            session, city.person(session, "clerk"), "unit_officer", unit=home, starts_on=on, now=MONDAY
        )
        people.give_role(
            session, city.person(session, "secretary"), "unit_head", unit=home, starts_on=on, now=MONDAY
        )
    city.inspect(inspecting_unit_code="so_noi_vu")
    city.self_report()
    city.complete("head", "sign_self_report", report_outcome="sign")
    with pytest.raises(NotAllowedError):
        city.complete("inspector", "review_self_report", review_outcome="accept")
    city.complete("clerk", "review_self_report", review_outcome="accept")
    team = {"team_leader": str(city.staff["secretary"]), "team_secretary": str(city.staff["clerk"])}
    city.appoint(**team)
    with database.transaction(city.factory) as session:
        visit_at = session.scalars(select(Inspection.visit_at)).one()
    assert visit_at is not None
    city.later(hours=(visit_at - city.now) / timedelta(hours=1))
    findings = [{"topic": "fund", "text": "Đủ", "is_shortcoming": False}]
    written = {"visit_outcome": "done", "attendance": "Ông A", "findings": findings}
    city.complete("clerk", "write_minutes", **written)
    city.complete("head", "sign_minutes_unit", objections="")
    city.complete("secretary", "sign_minutes_team", minutes_outcome="sign")
    city.conclude(("Lập sổ", LATER))
    city.mend()
    city.complete("secretary", "verify_remedy", remedy_outcome="verify")

    assert city.outcome("inspection") == "inspection_closed"
    with database.transaction(city.factory) as session:
        assert session.scalars(select(Inspection.kind)).one() is InspectionKind.CROSS


def test_a_schedule_starts_an_inspection_in_each_unit(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        schedules.create_schedule(
            session,
            key="inspection",
            name="Kiểm tra quý IV",
            rhythm="quarterly",
            first_on=people.local_day(MONDAY),
            unit_codes=["so_y_te", "so_noi_vu"],
            now=MONDAY,
        )

    assert schedules.start_due(city.factory, now=MONDAY) == 2
    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection).order_by(Inspection.id)).all()
        assert [inspection.code for inspection in found] == ["KT-2026-001", "KT-2026-002"]
        assert {inspection.unit.code for inspection in found} == {"so_y_te", "so_noi_vu"}
