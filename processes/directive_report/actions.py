"""What the tasks of a regular report record, how its documents are made and where they are sent."""

from decimal import Decimal
from typing import Final

from engine import definitions, files, outbox, people, setup
from engine.errors import NotFoundError, StepFailedError
from engine.instances import throw_message
from engine.mail import Notice
from engine.models import Person, Upload
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from engine.texts import paragraphs
from processes.awards import registers
from processes.awards.answers import flag_of, text_of, whole_of
from processes.awards.calls import actor_of, directive_of, directive_report_of
from processes.awards.errors import AnswerError
from processes.awards.models import Directive, DirectiveReport, DirectiveReportState, DirectiveState
from processes.awards.registry import action
from processes.directive.citing import cited
from processes.directive_report.document import NUMBER_MARK, make_report, report_document
from processes.directive_report.facts import (
    first_assessment,
    first_proposals,
    gather_facts,
    period_of,
)

REGISTER: Final = "directive_report"
RECEIVERS_TEXT: Final = "directive_report_receivers"
SENT_TO: Final = ("city_office", "chairman")
"""Who receives the report for the People's Committee."""


@action("directive_report.record_choice")
def record_choice(call: ActionCall) -> ActionResult:
    """Write which directive the report is on."""
    directive = call.session.get(Directive, whole_of(call.variables, "directive") or 0)
    if directive is None or directive.state is not DirectiveState.IN_FORCE:
        raise AnswerError("Chọn một chỉ thị đang thực hiện.", "Choose a directive that is under way.")
    return {"directive_id": Decimal(directive.id)}


@action("directive_report.gather")
def gather(call: ActionCall) -> ActionResult:
    """Begin a report with an assessment and proposals taken from what the units reported."""
    directive = directive_of(call)
    today = local_day(call.now)
    period = period_of(today, is_final=flag_of(call.variables, "is_final"))
    facts = gather_facts(call.session, directive, today=today)
    report = DirectiveReport(
        directive=directive,
        period_name=period.name,
        period_ends_on=period.ends_on,
        is_final=flag_of(call.variables, "is_final"),
        assessment=first_assessment(facts),
        proposals=first_proposals(facts),
        instance_id=call.instance.id,
        drafted_at=call.now,
    )
    call.session.add(report)
    call.session.flush()
    call.instance.title = f"{directive.number} · {period.name}"
    call.instance.business_key = f"directive_report:{report.id}"
    return {"report_id": Decimal(report.id)}


@action("directive_report.record_draft")
def record_draft(call: ActionCall) -> ActionResult:
    """Write assessment and proposals, and submit the report for signature."""
    report = directive_report_of(call)
    assessment, proposals = text_of(call.variables, "assessment"), text_of(call.variables, "proposals")
    if not assessment or not proposals:
        raise AnswerError(
            "Ghi đánh giá chung và đề xuất, kiến nghị.", "Write the assessment and the proposals."
        )
    report.assessment, report.proposals = assessment, proposals
    report.state = DirectiveReportState.AWAITING_SIGNATURE
    return None


@action("directive_report.record_signature")
def record_signature(call: ActionCall) -> ActionResult:
    """Sign the report, which then gets the register's next number, or send it back with a reason."""
    report = directive_report_of(call)
    if text_of(call.variables, "signature_outcome") == "sign":
        number = registers.next_number(call.session, REGISTER, local_day(call.now).year)
        report.number = f"{number:02d}{NUMBER_MARK}"
        report.signed_by, report.signed_at, report.review_note = actor_of(call), call.now, ""
        return {"signature_outcome": "sign"}
    reason = text_of(call.variables, "reason")
    if not reason:
        raise AnswerError("Ghi lý do trả lại.", "Give the reason for sending it back.")
    report.review_note, report.state = reason, DirectiveReportState.DRAFT
    return {"signature_outcome": "send_back"}


@action("directive_report.make_documents")
def make_documents(call: ActionCall) -> ActionResult:
    """Make the signed report as Word and PDF and keep both with the instance."""
    report = directive_report_of(call)
    facts = gather_facts(call.session, report.directive, today=local_day(report.signed_at or call.now))
    document = report_document(report, facts, receivers=_receivers(call))
    word, pdf = make_report(document, fonts=setup.of(call.session).fonts, dated=report.signed_at)
    name = f"BC-{report.number.replace('/', '-')}"
    report.word, report.pdf = _keep(call, word, f"{name}.docx"), _keep(call, pdf, f"{name}.pdf")
    return None


@action("directive_report.send")
def send(call: ActionCall) -> ActionResult:
    """Send the report to the city office and the Chairman; a final one ends its directive."""
    report = directive_report_of(call)
    _tell(call, report)
    report.state, report.sent_at = DirectiveReportState.SENT, call.now
    if report.is_final:
        throw_message(
            call.session,
            "directive_report_sent",
            str(report.directive_id),
            {"report_id": Decimal(report.id)},
            now=call.now,
            thrown_by=call.instance,
        )
    return None


def _receivers(call: ActionCall) -> tuple[str, ...]:
    """Return the receivers that officials worded in the text of the version, a line each."""
    try:
        text = definitions.text_of(call.session, call.instance.version_id, RECEIVERS_TEXT)
    except NotFoundError as error:
        raise StepFailedError(
            "the process keeps no receivers of a report", element_id=call.element.id
        ) from error
    return paragraphs(text.body.vi)


def _keep(call: ActionCall, content: bytes, name: str) -> Upload:
    signer = directive_report_of(call).signed_by
    if signer is None:
        raise StepFailedError("the report is not signed", element_id=call.element.id)
    return files.store_upload(
        call.session, content, name, person=signer, now=call.now, instance=call.instance
    )


def _tell(call: ActionCall, report: DirectiveReport) -> None:
    on = local_day(call.now)
    told: list[Person] = [
        person for role in SENT_TO for person in people.people_holding(call.session, role, on=on)
    ]
    directive = report.directive
    outbox.notify(
        call.session,
        kind="notice",
        recipients=list(dict.fromkeys(told)),
        facts=Notice(
            subject_vi=f"Báo cáo số {report.number}: kết quả thực hiện Chỉ thị {directive.number}",
            subject_en=f"Report {report.number} on Directive {directive.number}",
            lines_vi=(
                (
                    f"Ban Thi đua - Khen thưởng gửi báo cáo số {report.number} ({report.period_name}) về "
                    f"kết quả thực hiện {cited(directive)}. Bản PDF và bản Word ở trang báo cáo của chỉ thị."
                ),
            ),
            lines_en=(
                (
                    f"The Board for Emulation and Commendation sends report {report.number} on Directive "
                    f"{directive.number}. It is on the directive's page as PDF and as Word."
                ),
            ),
            path=f"/directives/{directive.id}?tab=reports",
        ),
        dedupe=f"sent:directive_report:{report.id}",
        now=call.now,
        instance_id=call.instance.id,
    )
