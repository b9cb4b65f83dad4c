"""What the standing agency does: receive, appraise each nominee, approve."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Final

from engine.feel import Value
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from processes.awards import catalogue, holds, opinions
from processes.awards.answers import day_of, rows_of, text_of, whole_of
from processes.awards.calls import actor_of, dossier_of
from processes.awards.errors import AnswerError
from processes.awards.finding_rules import FindingVerdict
from processes.awards.findings import Finding, find_findings
from processes.awards.models import (
    Dossier,
    DossierStage,
    Nominee,
    NomineeResult,
    Verdict,
)
from processes.awards.registry import action
from processes.nomination.preparing import send_back_to_unit

LONGEST_SUPPLEMENT: Final = timedelta(days=60)


@action("nomination.record_receipt")
def record_receipt(call: ActionCall) -> ActionResult:
    """Receive the dossier, which fixes the rule set for good, or send it back to the unit.

    Law 06/2026/QH16, transition: what was received before a day of change goes on under the old rules.
    """
    dossier = dossier_of(call)
    outcome = text_of(call.variables, "receipt_outcome")
    if outcome != "receive":
        send_back_to_unit(call, dossier)
        return {"receipt_outcome": "send_back"}
    if dossier.received_at is None:
        rule_set = catalogue.rule_set_on(call.session, local_day(call.now))
        dossier.received_at, dossier.rule_set = call.now, rule_set
        call.session.flush()
    dossier.stage = DossierStage.APPRAISING
    rule = catalogue.get_rule(call.session, dossier.rule_set_id or 0, dossier.award_id or 0)
    return {"receipt_outcome": "receive", "appraisal_days": Decimal(rule.appraisal_working_days)}


@action("nomination.record_appraisal")
def record_appraisal(call: ActionCall) -> ActionResult:
    """Write the verdict on each nominee; earlier opinions stay readable."""
    dossier = dossier_of(call)
    turn = opinions.next_turn(call.session, dossier)
    rows = {whole_of(row, "nominee_id"): row for row in rows_of(call.variables, "nominees")}
    found = find_findings(call.session, dossier).of_nominee
    for nominee in dossier.nominees:
        failed = [one for one in found[nominee.id] if one.verdict is FindingVerdict.FAILED]
        _judge(call, dossier, nominee, rows.get(nominee.id, {}), turn=turn, failed=failed)
    _say(call, dossier, verdict="", text=text_of(call.variables, "opinion"), turn=turn)
    if not any(nominee.verdict is Verdict.SUPPLEMENT for nominee in dossier.nominees):
        dossier.supplement_request = ""
        dossier.stage = DossierStage.AWAITING_APPROVAL
        return {"appraisal_outcome": "complete"}
    due_on = day_of(call.variables, "supplement_due_on")
    today = local_day(call.now)
    if due_on is None or not today < due_on <= today + LONGEST_SUPPLEMENT:
        raise AnswerError(
            "Chọn hạn bổ sung sau hôm nay, trong vòng 60 ngày.",
            "Choose a day after today, within 60 days, for the supplement.",
        )
    dossier.supplement_request = text_of(call.variables, "supplement_request")
    dossier.stage = DossierStage.AWAITING_SUPPLEMENT
    return {"appraisal_outcome": "supplement", "supplement_due_on": due_on}


def _judge(  # noqa: PLR0913  # who judges whom, in which turn, against what
    call: ActionCall,
    dossier: Dossier,
    nominee: Nominee,
    row: Mapping[str, Value],
    *,
    turn: int,
    failed: Sequence[Finding],
) -> None:
    """Write one verdict. The rules advise: whoever accepts against them says why."""
    said = text_of(row, "verdict")
    reason = text_of(row, "reason")
    if said not in {verdict.value for verdict in Verdict}:
        raise AnswerError(f"Chọn kết luận cho {nominee.name}.", f"Choose a verdict for {nominee.name}.")
    verdict = Verdict(said)
    if verdict is not Verdict.ACCEPT and not reason:
        raise AnswerError(f"Ghi lý do đối với {nominee.name}.", f"Give a reason for {nominee.name}.")
    if failed and not reason:
        raise AnswerError(
            f"Ghi lý do đồng ý với {nominee.name} dù không đạt: {failed[0].sentence_vi}",
            f"Give the reason for accepting {nominee.name} against this: {failed[0].sentence_en}",
        )
    nominee.verdict = verdict
    nominee.verdict_reason = reason if failed or verdict is not Verdict.ACCEPT else ""
    opinions.add_opinion(
        call.session,
        dossier,
        step=call.element.id,
        verdict=verdict.value,
        text=nominee.verdict_reason,
        author=actor_of(call),
        now=call.now,
        turn=turn,
        nominee=nominee,
    )


def _say(call: ActionCall, dossier: Dossier, *, verdict: str, text: str, turn: int) -> None:
    opinions.add_opinion(
        call.session,
        dossier,
        step=call.element.id,
        verdict=verdict,
        text=text,
        author=actor_of(call),
        now=call.now,
        turn=turn,
    )


@action("nomination.record_approval")
def record_approval(call: ActionCall) -> ActionResult:
    """Approve the appraisal, which refuses those it rejected, or send it back to the officer."""
    dossier = dossier_of(call)
    outcome = text_of(call.variables, "approval_outcome")
    reason = text_of(call.variables, "reason")
    if outcome != "approve" and not reason:
        raise AnswerError("Ghi lý do trả lại.", "Give the reason for sending it back.")
    if outcome == "approve" and any(nominee.verdict is Verdict.ACCEPT for nominee in dossier.nominees):
        holds.refuse_while_held(call.session, dossier.unit, on=local_day(call.now))
    turn = opinions.current_turn(call.session, dossier)
    _say(call, dossier, verdict="approve" if outcome == "approve" else "send_back", text=reason, turn=turn)
    if outcome != "approve":
        dossier.stage = DossierStage.APPRAISING
        return {"approval_outcome": "send_back"}
    return {"approval_outcome": "approve", "route": _route(call, dossier)}


def _route(call: ActionCall, dossier: Dossier) -> str:
    """Settle the rejected; say where the accepted go: the council, or straight to the decision."""
    for nominee in dossier.nominees:
        if nominee.verdict is not Verdict.ACCEPT:
            nominee.result = NomineeResult.REFUSED
            nominee.result_reason = nominee.verdict_reason
    if all(nominee.result is NomineeResult.REFUSED for nominee in dossier.nominees):
        return "refused"
    rule = catalogue.get_rule(call.session, dossier.rule_set_id or 0, dossier.award_id or 0)
    if rule.is_vote_required:
        dossier.stage = DossierStage.AWAITING_COUNCIL
        return "council"
    dossier.stage = DossierStage.AWAITING_DECISION
    return "decision"
