"""A directive for tests of pages: an item, a task with a target and a report, notices, a regular report."""

import hashlib
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from engine import people
from engine.models import MailState, OutboxMail, Person
from processes.awards.models.directives import (
    Directive,
    DirectiveDelivery,
    DirectiveItem,
    DirectiveRecipient,
    DirectiveReport,
    DirectiveState,
    DirectiveTarget,
    DirectiveTask,
    DirectiveTaskPartner,
    ReportedFigure,
    ReportState,
    TaskReport,
)

TOKEN = "t" * 43
"""The secret in the mail to the address outside."""
SUBJECT = "Về việc triển khai thực hiện Luật Thi đua, khen thưởng"
ITEM = "Triển khai đồng bộ, có trọng tâm <các nhiệm vụ> thi đua, khen thưởng."


def add_directive(
    session: Session, *, officer: Person, head: Person, now: datetime, number: str = "01/CT-UBND"
) -> Directive:
    """Add a directive under way: led by ``so_y_te``, with ``so_xay_dung`` taking part. Flushes."""
    directive = Directive(
        number=number,
        subject=SUBJECT,
        subject_en="On carrying out the Law",
        issued_on=date(2026, 1, 3),
        signer="Đoàn Bách Tùng",
        signer_title="Chủ tịch",
        closes_on=date(2027, 1, 15),
        state=DirectiveState.IN_FORCE,
        entered_at=now,
        distributed_at=now,
    )
    directive.items = [DirectiveItem(position=1, text=ITEM, summary="Thi đua")]
    directive.tasks = [_task(session, directive, officer=officer, now=now)]
    directive.recipients = [
        _recipient(session, "Thủ trưởng các đơn vị", head, "", now=now),
        _recipient(session, "Văn phòng Chính phủ", None, TOKEN, now=now),
    ]
    session.add(directive)
    session.flush()
    session.add(
        DirectiveReport(
            directive=directive,
            period_name="Quý III năm 2026",
            period_ends_on=date(2026, 9, 30),
            drafted_at=now,
        )
    )
    session.flush()
    return directive


def _task(session: Session, directive: Directive, *, officer: Person, now: datetime) -> DirectiveTask:
    units = {code: people.find_unit(session, code) for code in ("so_y_te", "so_xay_dung")}
    task = DirectiveTask(
        item=directive.items[0],
        position=1,
        name="Tăng kim ngạch xuất khẩu",
        name_en="Raise exports",
        lead_unit=units["so_y_te"],
        starts_on=date(2026, 1, 5),
        due_on=date(2036, 12, 18),
        rhythm="quarterly",
        next_report_on=date(2036, 9, 30),
        progress_percent=40,
    )
    task.partners = [DirectiveTaskPartner(unit=units["so_xay_dung"])]
    target = DirectiveTarget(
        position=1,
        name="Kim ngạch xuất khẩu",
        name_en="Exports",
        measure="tỷ USD",
        measure_en="billion USD",
        lowest=Decimal(33),
        highest=Decimal("33.5"),
    )
    task.targets = [target]
    report = TaskReport(
        period_ends_on=date(2026, 9, 30),
        progress_percent=40,
        text="Đã ký 12 hợp đồng.",
        state=ReportState.ACCEPTED,
        written_by=officer,
        written_at=now,
        submitted_at=now,
    )
    report.figures = [ReportedFigure(target=target, value=Decimal("20.25"))]
    task.reports = [report]
    return task


def _recipient(
    session: Session, name: str, person: Person | None, token: str, *, now: datetime
) -> DirectiveRecipient:
    address = f"{person.username}@example.org" if person else "vanthu@example.org"
    secret = token or f"secret of {name}"
    mail = OutboxMail(
        dedupe_key=f"directive:{name}",
        message_id=f"<{hashlib.sha256(name.encode()).hexdigest()}@test>",
        kind="notice",
        recipient_id=person.id if person else None,
        address=address,
        language="vi",
        subject="Chỉ thị",
        text=f"/directives/received/{secret}",
        html="<p>Chỉ thị</p>",
        created_at=now,
        sent_at=now,
        state=MailState.SENT,
    )
    session.add(mail)
    session.flush()
    recipient = DirectiveRecipient(
        position=1 if person else 2,
        name=name,
        group="unit_head@*" if person else "",
        address="" if person else address,
    )
    recipient.deliveries = [
        DirectiveDelivery(
            person_id=person.id if person else None,
            address=address,
            token_sha256=hashlib.sha256(secret.encode()).hexdigest(),
            mail_id=mail.id,
        )
    ]
    return recipient
