"""What the tasks of a decision record, and what its issue does."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from engine import instances, setup
from engine.errors import StepFailedError
from engine.feel import Value
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards import decision_lines, decisions
from processes.awards.answers import day_of, rows_of, text_of, whole_of
from processes.awards.calls import actor_of, decision_of
from processes.awards.decision_page import decision_facts
from processes.awards.decisions import PulledLine
from processes.awards.documents import store_pdf
from processes.awards.errors import AnswerError
from processes.awards.models import (
    Decision,
    DecisionState,
    Dossier,
    LineState,
    NomineeResult,
)
from processes.awards.registry import action
from processes.decision.document import decision_pdf, wording_of

_PULLED: Final = {"later": LineState.LATER, "refused": LineState.REFUSED}


@action("decision.gather")
def gather(call: ActionCall) -> ActionResult:
    """Gather everybody who passed and waits; with nobody the draft is given up."""
    decision = decision_of(call)
    count = decision_lines.gather(call.session, decision, on=local_day(call.now))
    decision.state = DecisionState.DRAFT if count else DecisionState.ABANDONED
    return {"line_count": Decimal(count)}


@action("decision.record_submission")
def record_submission(call: ActionCall) -> ActionResult:
    """Submit the draft to the Chairman."""
    decision = decision_of(call)
    decision.submission_note = text_of(call.variables, "submission_note")
    decision.state = DecisionState.SUBMITTED
    return None


@action("decision.record_signature")
def record_signature(call: ActionCall) -> ActionResult:
    """Sign all lines but those pulled out, or send the draft back."""
    decision = decision_of(call)
    if text_of(call.variables, "outcome") == "sign":
        pulled = [_pulled(row) for row in rows_of(call.variables, "pulled")]
        decisions.pull_lines(call.session, decision, pulled)
        decisions.sign(call.session, decision, actor=actor_of(call), now=call.now)
        return {"outcome": "sign"}
    reason = text_of(call.variables, "reason")
    if not reason:
        raise AnswerError("Ghi lý do trả lại.", "Give the reason for sending it back.")
    decision.send_back_reason = reason
    decision.state = DecisionState.DRAFT
    return {"outcome": "send_back"}


def _pulled(row: Mapping[str, Value]) -> PulledLine:
    state = _PULLED.get(text_of(row, "state"))
    if state is None:
        raise AnswerError("Chọn cách xử lý trường hợp rút riêng.", "Choose what becomes of a pulled case.")
    return PulledLine(whole_of(row, "line_id") or 0, state, text_of(row, "reason"))


@action("decision.record_number")
def record_number(call: ActionCall) -> ActionResult:
    """Give the signed decision its number and date from the register."""
    issued_on = day_of(call.variables, "issued_on")
    if issued_on is None:
        raise AnswerError("Chọn ngày ban hành.", "Choose the day of issue.")
    decisions.number(call.session, decision_of(call), issued_on=issued_on, actor=actor_of(call), now=call.now)
    return None


@action("decision.issue")
def issue(call: ActionCall) -> ActionResult:
    """Make the document, write what each nominee got, and send every dossier its result."""
    decision = decision_of(call)
    decisions.settle(call.session, decision)
    decision.pdf_sha256 = _document(call, decision)
    for dossier in decision_lines.dossiers_of(decision.lines):
        if dossier.withdrawn_at is None and _has_news(decision, dossier):
            _send(call, dossier)
    return None


def _document(call: ActionCall, decision: Decision) -> str:
    facts = decision_facts(call.session, decision, language="vi")
    wording = wording_of(call.session, call.instance.version_id)
    if not wording.grounds:
        raise StepFailedError("the process keeps no grounds of a decision", element_id=call.element.id)
    wiring = setup.of(call.session)
    return store_pdf(wiring.files, decision_pdf(facts, wording, fonts=wiring.fonts, dated=call.now))


def _has_news(decision: Decision, dossier: Dossier) -> bool:
    return any(line.dossier_id == dossier.id and line.state is not LineState.LATER for line in decision.lines)


def _send(call: ActionCall, dossier: Dossier) -> None:
    granted = sum(nominee.result is NomineeResult.GRANTED for nominee in dossier.nominees)
    pending = sum(nominee.result is None for nominee in dossier.nominees)
    instances.throw_message(
        call.session,
        "decision_issued",
        dossier.code,
        {"granted_count": Decimal(granted), "pending_count": Decimal(pending)},
        now=call.now,
        thrown_by=call.instance,
    )
