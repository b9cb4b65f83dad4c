"""The moves of people around a directive, on a small city: enter, approve, report, verify, extend, sum up."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pytest
from institution import Institution
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine import database, files, people, starting
from engine.models import OutboxMail, ProcessInstance, Timer
from processes.awards.models import Directive, DirectiveReport, DirectiveTask, DirectiveTaskState
from processes.directive_task import cancelling, extending

PDF = b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\n%%EOF\n"
REASON = "Chưa rõ số liệu."


def task_row(city: Institution, **changes: object) -> dict[str, object]:
    """Return how a task of the officer's unit is entered: due in 200 days, reported every quarter."""
    today = people.local_day(city.now)
    return {
        "name": "Tăng trưởng GRDP",
        "name_en": "GRDP growth",
        "item_number": Decimal(1),
        "lead_unit": "so_y_te",
        "partners": ["so_noi_vu"],
        "starts_on": today,
        "due_on": today + timedelta(days=200),
        "rhythm": "quarterly",
    } | changes


def target_row(**changes: object) -> dict[str, object]:
    """Return how a target of the first task is entered: a range."""
    return {
        "task": Decimal(1),
        "name": "Tốc độ tăng GRDP",
        "name_en": "GRDP growth",
        "measure": "%",
        "lowest": Decimal("11.5"),
        "highest": Decimal(12),
    } | changes


def entry(city: Institution, **changes: object) -> dict[str, object]:
    """Return how a directive with one task of the officer's unit is entered; it closes after 230 days."""
    today = people.local_day(city.now)
    with database.transaction(city.factory) as session:
        begun = select(func.count()).where(ProcessInstance.key == "directive")
        number = session.scalar(begun) or 0
    return {
        "number": f"{number:02d}/CT-UBND",
        "subject": "Về việc triển khai thực hiện Luật Thi đua, khen thưởng",
        "issued_on": today,
        "signer": "Nguyễn Văn Tùng",
        "signer_title": "Chủ tịch",
        "closes_on": today + timedelta(days=230),
        "items": [{"text": "Phấn đấu hoàn thành chỉ tiêu năm.", "summary": "Chỉ tiêu"}],
        "tasks": [task_row(city)],
        "targets": [target_row()],
        "recipients": [
            {"name": "Các đơn vị", "group": "unit_head@*"},
            {"name": "Văn phòng Chính phủ", "address": "vpcp@example.org"},
        ],
    } | changes


def begin(city: Institution, key: str, element_id: str) -> None:
    """Let the appraisal officer begin a process himself."""
    with database.transaction(city.factory) as session:
        starting.begin(
            session,
            key,
            element_id,
            unit_code="",
            starter=city.person(session, "appraiser"),
            authority=city.authority(session, "appraiser"),
            now=city.now,
        )
    city.settle()


def send(city: Institution, **changes: object) -> None:
    """Enter a directive and approve it; its recipients get it and its tasks are opened."""
    begin(city, "directive", "directive_received")
    city.complete("appraiser", "enter_directive", **entry(city, **changes))
    city.complete("agency", "approve_distribution", approval_outcome="approve")


def until(city: Institution, element_id: str) -> None:
    """Let timers fire, one after the other, until a task is open."""
    for _ in range(40):
        if element_id in city.open_elements():
            return
        _wait(city)
    pytest.fail(f"{element_id} never opened")


def _wait(city: Institution) -> None:
    """Let time pass until the next timer is due."""
    with database.transaction(city.factory) as session:
        due_at = session.scalar(select(func.min(Timer.due_at)))
    assert due_at is not None, "nothing waits for a moment"
    city.now = max(city.now, due_at)
    city.settle()


def answers(**changes: object) -> dict[str, object]:
    """Return how the unit reports half of its task."""
    return {"progress_percent": Decimal(50), "report_text": "Đã làm một nửa."} | changes


def final_answers(city: Institution, **changes: object) -> dict[str, object]:
    """Return how the unit reports its task as done, with a figure for each target and evidence."""
    with database.transaction(city.factory) as session:
        targets = [target.id for target in the_task(session).targets]
    figures = [{"target_id": target_id, "value": Decimal(12)} for target_id in targets]
    whole = {
        "progress_percent": Decimal(100),
        "is_final": True,
        "figures": figures,
        "evidence": [upload(city)],
    }
    return answers(**(whole | changes))


def upload(city: Institution) -> int:
    """Let the unit's officer hand in a file."""
    with database.transaction(city.factory) as session:
        officer = city.person(session, "officer")
        return files.store_upload(session, PDF, "minh-chung.pdf", person=officer, now=city.now).id


def report(city: Institution, given: Mapping[str, object] | None = None, *, outcome: str = "accept") -> None:
    """Report on the task when it is time, sign the report and verify it."""
    until(city, "report_progress")
    city.complete("officer", "report_progress", **(given or answers()))
    city.complete("head", "sign_report", signature_outcome="sign")
    city.complete("appraiser", "verify_report", verification_outcome=outcome, reason=REASON)


def finish(city: Institution) -> None:
    """Bring the task to its end: reported as done, signed, verified."""
    until(city, "report_progress")
    report(city, final_answers(city))


def report_until(city: Institution, *, days: int) -> None:
    """Let so many days pass; the unit reports whenever it is asked, but is never done."""
    end = city.now + timedelta(days=days)
    while city.now < end:
        if "report_progress" in city.open_elements():
            report(city)
        city.later(days=5)


def ask_extension(city: Institution, *, days: int = 60) -> None:
    """Let the unit ask for so many days beyond the due day."""
    with database.transaction(city.factory) as session:
        task = the_task(session)
        extending.ask_extension(
            session,
            task,
            actor=city.person(session, "officer"),
            wished_on=task.due_on + timedelta(days=days),
            reason="Chờ vốn.",
            now=city.now,
        )
    city.settle()


def grant_extension(city: Institution, *, days: int = 60) -> None:
    """Let the unit ask and the head of the agency grant it."""
    ask_extension(city, days=days)
    with database.transaction(city.factory) as session:
        wished_on = the_task(session).extensions[-1].wished_on
    city.complete("agency", "decide_extension", extension_outcome="grant", granted_on=wished_on, answer="")


def cancel(city: Institution) -> None:
    """Let the head of the agency take back the first task that is followed."""
    with database.transaction(city.factory) as session:
        agency = city.person(session, "agency")
        task = next(one for one in the_directive(session).tasks if one.state is DirectiveTaskState.OPEN)
        cancelling.cancel_task(session, task, actor=agency, reason="Trùng việc.", now=city.now)
    city.settle()


def choose(city: Institution) -> None:
    """Choose the directive that a report is on."""
    with database.transaction(city.factory) as session:
        directive_id = the_directive(session).id
    city.complete("appraiser", "choose_directive", directive=str(directive_id))


def sum_up(city: Institution) -> None:
    """Draft, sign and send the regular report that is open."""
    city.complete("appraiser", "draft_report", assessment="Tốt.", proposals="Không có.")
    city.complete("agency", "sign_report", signature_outcome="sign")


def the_directive(session: Session) -> Directive:
    """Return the youngest directive."""
    return session.scalars(select(Directive).order_by(Directive.id.desc())).first() or pytest.fail("none")


def the_task(session: Session) -> DirectiveTask:
    """Return the youngest task of a directive."""
    found = session.scalars(select(DirectiveTask).order_by(DirectiveTask.id.desc())).first()
    return found or pytest.fail("no task of a directive")


def the_report(session: Session) -> DirectiveReport:
    """Return the youngest regular report."""
    found = session.scalars(select(DirectiveReport).order_by(DirectiveReport.id.desc())).first()
    return found or pytest.fail("no report on a directive")


def hire(city: Institution, name: str, role: str, unit_code: str = "", *, has_address: bool = True) -> None:
    """Let somebody new hold a role, with an address of his own or without."""
    with database.transaction(city.factory) as session:
        unit = people.find_unit(session, unit_code) if unit_code else None
        address = f"{name}@example.org" if has_address else None
        person = people.create_person(session, username=name, full_name=name, email=address, unit=unit)
        starts_on = people.local_day(city.now)
        people.give_role(session, person, role, unit=unit, starts_on=starts_on, now=city.now)
        city.staff[name] = person.id


def mails(city: Institution, subject: str) -> list[tuple[str, str]]:
    """Return address and text of the mails whose subject begins so, the oldest first."""
    with database.transaction(city.factory) as session:
        found = select(OutboxMail.address, OutboxMail.text).where(OutboxMail.subject.startswith(subject))
        return [(row.address, row.text) for row in session.execute(found.order_by(OutboxMail.id))]
