"""Every path of the inspection, walked by its people's answers."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from institution import MONDAY, Institution
from sqlalchemy import select

from engine import database, definitions, people, schedules, tasks
from engine.errors import NotAllowedError, NotFoundError
from engine.feel import Environment
from engine.forms import Answers
from engine.models import OutboxMail, Task, TaskState
from engine.setup import FormCall
from processes import wiring
from processes.awards import inspections
from processes.awards.errors import AnswerError
from processes.awards.models import Inspection, InspectionState

REPORT = {
    "movements": "Phong trào đổi mới, sáng tạo.",
    "grassroots": "Khen 12 tổ, đội.",
    "direct_worker_percent": 62.5,
    "dossier_keeping": "Lưu đủ.",
}
LATER = date(2026, 12, 31)


def state(city: Institution) -> InspectionState:
    with database.transaction(city.factory) as session:
        return session.scalars(select(Inspection.state)).one()


def to_conclusion(city: Institution) -> None:
    city.inspect()
    city.complete("officer", "submit_self_report", **REPORT)
    city.complete("inspector", "review_self_report", review_outcome="accept")


def to_remedy(city: Institution) -> None:
    to_conclusion(city)
    city.complete(
        "agency", "conclude_inspection", conclusion="Còn sót.", is_remedy_needed=True, remedy_due_on=LATER
    )


def test_an_inspection_ends_with_its_conclusion(city: Institution) -> None:
    to_conclusion(city)
    assert state(city) is InspectionState.CONCLUDING
    city.complete("agency", "conclude_inspection", conclusion="Làm tốt.", is_remedy_needed=False)

    assert (city.outcome("inspection"), state(city)) == ("inspection_concluded", InspectionState.CONCLUDED)
    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert found.code == "KT-2026-001"
        assert found.report == {**REPORT, "direct_worker_percent": "62.5"}
        assert (found.conclusion, found.remedy_due_on) == ("Làm tốt.", None)


def test_the_unit_is_told_at_once_and_has_its_days(city: Institution) -> None:
    city.inspect(self_report_days=3, topic="Hồ sơ khen thưởng")

    with database.transaction(city.factory) as session:
        mails = session.scalars(select(OutboxMail).where(OutboxMail.kind == "notice")).all()
        assert {mail.address for mail in mails} == {"officer@example.org", "head@example.org"}
        assert "Hồ sơ khen thưởng" in mails[0].text
        task = session.scalars(select(Task)).one()
        assert task.due_at is not None
        # 24/11 is a public holiday.
        assert people.local_day(task.due_at) == date(2026, 11, 27)
        assert [(found.role, found.unit_code) for found in task.candidates] == [("unit_officer", "so_y_te")]


def test_a_report_that_does_not_suffice_goes_back_with_the_reason(city: Institution) -> None:
    city.inspect()
    city.complete("officer", "submit_self_report", **REPORT)
    city.complete("inspector", "review_self_report", review_outcome="send_back", review_note="Thiếu số liệu")

    assert city.open_elements() == ["submit_self_report"]
    assert state(city) is InspectionState.AWAITING_REPORT
    city.complete("officer", "submit_self_report", **(REPORT | {"models": "3 điển hình"}))
    city.complete("inspector", "review_self_report", review_outcome="accept")
    assert city.open_elements() == ["conclude_inspection"]


def test_sending_a_report_back_needs_a_reason(city: Institution) -> None:
    city.inspect()
    city.complete("officer", "submit_self_report", **REPORT)

    with pytest.raises(AnswerError):
        city.complete("inspector", "review_self_report", review_outcome="send_back", review_note=" ")
    assert city.open_elements() == ["review_self_report"]


def test_what_is_to_be_mended_is_reported_and_confirmed(city: Institution) -> None:
    to_remedy(city)

    with database.transaction(city.factory) as session:
        due_at = session.scalars(select(Task.due_at).where(Task.state == TaskState.OPEN)).one()
        assert due_at is not None
        assert people.local_day(due_at) == LATER
    assert state(city) is InspectionState.AWAITING_REMEDY
    city.complete("officer", "report_remedy", remedy_note="Đã bổ sung hồ sơ.")
    assert state(city) is InspectionState.CONFIRMING_REMEDY
    city.complete("inspector", "confirm_remedy", confirmation_outcome="confirm")
    assert (city.outcome("inspection"), state(city)) == ("remedy_confirmed", InspectionState.CONCLUDED)


def test_a_remedy_that_falls_short_has_a_new_day(city: Institution) -> None:
    to_remedy(city)
    city.complete("officer", "report_remedy", remedy_note="Đã làm một phần.")
    city.complete(
        "inspector",
        "confirm_remedy",
        confirmation_outcome="send_back",
        review_note="Còn thiếu",
        next_remedy_due_on=date(2027, 1, 15),
    )

    assert city.open_elements() == ["report_remedy"]
    with database.transaction(city.factory) as session:
        due_at = session.scalars(select(Task.due_at).where(Task.state == TaskState.OPEN)).one()
        assert due_at is not None
        assert people.local_day(due_at) == date(2027, 1, 15)
    city.complete("officer", "report_remedy", remedy_note="Đã xong.")
    city.complete("inspector", "confirm_remedy", confirmation_outcome="confirm")
    assert city.outcome("inspection") == "remedy_confirmed"


@pytest.mark.parametrize("due_on", [None, date(2026, 11, 23), date(2028, 1, 1)])
def test_a_remedy_needs_a_day_within_a_year(city: Institution, due_on: date | None) -> None:
    to_conclusion(city)

    with pytest.raises(AnswerError):
        city.complete(
            "agency",
            "conclude_inspection",
            conclusion="Còn sót.",
            is_remedy_needed=True,
            remedy_due_on=due_on,
        )


def test_only_the_head_of_the_agency_concludes(city: Institution) -> None:
    to_conclusion(city)

    with pytest.raises(NotAllowedError):
        city.complete("inspector", "conclude_inspection", conclusion="Làm tốt.", is_remedy_needed=False)


def test_who_reviewed_does_not_conclude(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        agency = city.person(session, "agency")
        people.give_role(session, agency, "inspector", starts_on=people.local_day(MONDAY), now=MONDAY)
    city.inspect()
    city.complete("officer", "submit_self_report", **REPORT)
    city.complete("agency", "review_self_report", review_outcome="accept")

    with pytest.raises(NotAllowedError):
        city.complete("agency", "conclude_inspection", conclusion="Làm tốt.", is_remedy_needed=False)


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


def test_a_unit_sees_its_own_inspections_only(city: Institution) -> None:
    city.inspect(unit_code="so_noi_vu")

    with database.transaction(city.factory) as session:
        found = session.scalars(select(Inspection)).one()
        assert inspections.find_inspections(session, reader=city.authority(session, "head")) == []
        assert len(inspections.find_inspections(session, reader=city.authority(session, "inspector"))) == 1
        with pytest.raises(NotFoundError):
            inspections.get_inspection(session, found.id, reader=city.authority(session, "officer"))


def answers_of(city: Institution, name: str, fields: Mapping[str, list[str]]) -> Answers:
    """Read the open task's form as a page would."""
    with database.transaction(city.factory) as session:
        task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
        element = tasks.element_of(session, task)
        source = wiring.FORM_SOURCES[element.properties["values"]]
        variables = tasks.variables_of(session, task)
        call = FormCall(session, task.instance, task, variables, city.person(session, name), city.now)
        form = definitions.form_of(session, task.instance.version_id, task.form_id or "")
        return form.parse(fields, initial=source(call), environment=Environment(now=city.now))


def test_each_form_gives_what_its_task_records(city: Institution) -> None:
    city.inspect()
    report = {name: [str(value)] for name, value in REPORT.items()}
    steps: list[tuple[str, str, dict[str, list[str]]]] = [
        ("officer", "submit_self_report", report),
        ("inspector", "review_self_report", {"review_outcome": ["send_back"], "review_note": ["Thiếu"]}),
        ("officer", "submit_self_report", report),
        ("inspector", "review_self_report", {"review_outcome": ["accept"]}),
        (
            "agency",
            "conclude_inspection",
            {"conclusion": ["Sót"], "is_remedy_needed": ["true"], "remedy_due_on": ["2026-12-31"]},
        ),
        ("officer", "report_remedy", {"remedy_note": ["Xong"]}),
        ("inspector", "confirm_remedy", {"confirmation_outcome": ["confirm"]}),
    ]
    for name, element_id, fields in steps:
        answers = answers_of(city, name, fields)
        assert answers.errors == {}
        city.complete(name, element_id, **answers.values)

    assert city.outcome("inspection") == "remedy_confirmed"


def test_what_is_sent_back_must_say_why(city: Institution) -> None:
    city.inspect()
    city.complete("officer", "submit_self_report", **REPORT)

    answers = answers_of(city, "inspector", {"review_outcome": ["send_back"]})

    assert list(answers.errors) == ["review_note"]


def test_the_earlier_report_is_there_when_it_comes_back(city: Institution) -> None:
    city.inspect()
    city.complete("officer", "submit_self_report", **REPORT)
    city.complete("inspector", "review_self_report", review_outcome="send_back", review_note="Thiếu số liệu")

    with database.transaction(city.factory) as session:
        task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
        variables = tasks.variables_of(session, task)
        reader = city.person(session, "officer")
        values = wiring.FORM_SOURCES["inspection.self_report"](
            FormCall(session, task.instance, task, variables, reader, city.now)
        )
    assert values["direct_worker_percent"] == Decimal("62.5")
    assert values["inspector_note"] == "Thiếu số liệu"
    assert values["movements"] == REPORT["movements"]


def test_the_page_shows_the_report_and_the_remedy(city: Institution) -> None:
    to_remedy(city)
    city.complete("officer", "report_remedy", remedy_note="Đã làm một phần.")

    with database.transaction(city.factory) as session:
        facts = inspections.inspection_facts(session.scalars(select(Inspection)).one(), language="vi")
    assert facts.remedy_note == "Đã làm một phần."
    assert ("Tỷ lệ người trực tiếp lao động được khen (%)", "62.5") in facts.report
