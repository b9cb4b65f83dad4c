"""Sends a directive to its recipients: one notice per line and person, each with a secret link of its own."""

import hashlib
import secrets
from typing import Final

from engine import outbox, people
from engine.mail import Notice
from engine.models import OutboxMail, Person
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards.calls import directive_of
from processes.awards.models import Directive, DirectiveDelivery, DirectiveRecipient, DirectiveState
from processes.awards.registry import action
from processes.directive.citing import about, cited
from processes.directive.recipients import people_of_group

TOKEN_BYTES: Final = 32


@action("directive.distribute")
def distribute(call: ActionCall) -> ActionResult:
    """Put a notice for every recipient into the outbox; tell the agency of lines that reach nobody."""
    directive = directive_of(call)
    directive.state = DirectiveState.IN_FORCE
    directive.distributed_at = call.now
    for line in directive.recipients:
        _send_line(call, directive, line)
    unheld = [line.name for line in directive.recipients if not line.deliveries]
    unreachable = [
        delivery.person.full_name
        for line in directive.recipients
        for delivery in line.deliveries
        if delivery.person is not None and not delivery.address
    ]
    if unheld or unreachable:
        _tell_agency(call, directive, unheld=unheld, unreachable=list(dict.fromkeys(unreachable)))
    return None


def digest_of(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def received_path(token: str) -> str:
    """Return the page that a token opens."""
    return f"/directives/received/{token}"


def _send_line(call: ActionCall, directive: Directive, line: DirectiveRecipient) -> None:
    if line.group:
        for person in people_of_group(call.session, line.group, on=local_day(call.now)):
            _deliver(call, directive, line, person)
    else:
        _deliver(call, directive, line, None)


def _deliver(call: ActionCall, directive: Directive, line: DirectiveRecipient, person: Person | None) -> None:
    """Write a delivery with its mail. The token stands in the mail alone; here only its digest."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    delivery = DirectiveDelivery(
        person_id=person.id if person else None, token_sha256=digest_of(token), address=""
    )
    line.deliveries.append(delivery)
    call.session.flush()
    mail = _mail(call, delivery, person, _notice(directive, line, received_path(token)))
    delivery.mail_id, delivery.address = mail.id, mail.address
    call.session.flush()


def _mail(call: ActionCall, delivery: DirectiveDelivery, person: Person | None, facts: Notice) -> OutboxMail:
    dedupe = f"directive:delivery:{delivery.id}"
    if person is None:
        return outbox.notify_address(
            call.session,
            kind="notice",
            address=delivery.recipient.address,
            name=delivery.recipient.name,
            facts=facts,
            dedupe=dedupe,
            now=call.now,
            instance_id=call.instance.id,
        )
    return outbox.notify(
        call.session,
        kind="notice",
        recipients=[person],
        facts=facts,
        dedupe=dedupe,
        now=call.now,
        instance_id=call.instance.id,
    )[0]


def _notice(directive: Directive, line: DirectiveRecipient, path: str) -> Notice:
    number, subject = directive.number, directive.subject
    return Notice(
        subject_vi=f"Chỉ thị số {number}: {subject}"[:200],
        subject_en=f"Directive {number}: {directive.subject_en or subject}"[:200],
        lines_vi=(
            f"Gửi {line.name}: {cited(directive)} {about(directive)}.",
            (
                "Mở liên kết dưới đây để đọc toàn văn và xác nhận đã nhận. Liên kết dành riêng cho nơi "
                "nhận này, không chuyển cho người khác."
            ),
        ),
        lines_en=(
            (
                f"To {line.name_en or line.name}: Directive {number} of {directive.issued_on:%d/%m/%Y}, "
                f"{directive.subject_en or subject}"
            ),
            (
                "Open the link below to read it in full and to confirm that you have received it. The link "
                "is for this recipient alone; do not pass it on."
            ),
        ),
        path=path,
        is_personal=True,
    )


def _tell_agency(
    call: ActionCall, directive: Directive, *, unheld: list[str], unreachable: list[str]
) -> None:
    """Tell who entered and who approves which lines nobody got, and who has no address."""
    rows = tuple(("Chưa có người nhận", "Nobody to receive it", name) for name in unheld)
    rows += tuple(("Chưa có địa chỉ thư", "No e-mail address", name) for name in unreachable)
    on = local_day(call.now)
    told = [
        *people.people_holding(call.session, "agency_head", on=on),
        *people.people_holding(call.session, "appraisal_officer", on=on),
    ]
    outbox.notify(
        call.session,
        kind="notice",
        recipients=list(dict.fromkeys(told)),
        facts=Notice(
            subject_vi=f"Chỉ thị {directive.number}: nơi nhận chưa gửi được",
            subject_en=f"Directive {directive.number}: recipients not reached",
            lines_vi=(
                (
                    "Các nơi nhận dưới đây chưa nhận được thư. Giao vai trò hoặc thêm địa chỉ thư, rồi "
                    "gửi lại trên trang của chỉ thị."
                ),
            ),
            lines_en=(
                (
                    "These recipients got no mail. Give somebody the role or add an address, then send it "
                    "again on the directive's page."
                ),
            ),
            rows=rows,
            path=f"/directives/{directive.id}",
        ),
        dedupe=f"unreached:directive:{directive.id}",
        now=call.now,
        instance_id=call.instance.id,
    )
