"""What the process itself does: tell results, note a withdrawal."""

from decimal import Decimal

from engine import outbox, people
from engine.mail import Notice
from engine.setup import ActionCall, ActionResult
from processes.awards import decision_lines
from processes.awards.calls import dossier_of
from processes.awards.models import Dossier, DossierStage, Nominee, NomineeResult
from processes.awards.registry import action
from processes.awards.stages import RESULT_NAMES


@action("nomination.tell_result")
def tell_result(call: ActionCall) -> ActionResult:
    """Tell the unit what its nominees got and why, each nominee once; say what is still open."""
    dossier = dossier_of(call)
    settled = [nominee for nominee in dossier.nominees if nominee.result and not nominee.is_told]
    if settled:
        _tell(call, dossier, settled)
    for nominee in settled:
        nominee.is_told = True
    granted = sum(nominee.result is NomineeResult.GRANTED for nominee in dossier.nominees)
    pending = sum(nominee.result is None for nominee in dossier.nominees)
    if not pending:
        dossier.stage = DossierStage.GRANTED if granted else DossierStage.REFUSED
    return {"granted_count": Decimal(granted), "pending_count": Decimal(pending)}


def _tell(call: ActionCall, dossier: Dossier, settled: list[Nominee]) -> None:
    on = people.local_day(call.now)
    receivers = [
        *people.people_holding(call.session, "unit_head", dossier.unit.code, on=on),
        *people.people_holding(call.session, "unit_officer", dossier.unit.code, on=on),
    ]
    award = dossier.award
    told = ",".join(str(nominee.id) for nominee in settled)
    outbox.notify(
        call.session,
        kind="result",
        recipients=list(dict.fromkeys(receivers)),
        facts=Notice(
            subject_vi=f"Kết quả hồ sơ {dossier.code}",
            subject_en=f"Result of dossier {dossier.code}",
            lines_vi=(f"Hồ sơ {dossier.code} đề nghị {award.name if award else ''} đã có kết quả.",),
            lines_en=(f"Dossier {dossier.code} for {award.name_en if award else ''} has a result.",),
            rows=tuple((nominee.name, nominee.name, _result_text(nominee)) for nominee in settled),
            path=f"/dossiers/{dossier.id}",
        ),
        dedupe=f"result:dossier:{dossier.id}:{told}",
        now=call.now,
        instance_id=call.instance.id,
    )


def _result_text(nominee: Nominee) -> str:
    if nominee.result is None:
        return ""
    vi = RESULT_NAMES[nominee.result][0]
    return f"{vi}. {nominee.result_reason}" if nominee.result_reason else vi


@action("nomination.mark_withdrawn")
def mark_withdrawn(call: ActionCall) -> ActionResult:
    """End a withdrawn dossier and take it out of drafts of decisions."""
    dossier = dossier_of(call)
    dossier.stage = DossierStage.WITHDRAWN
    decision_lines.drop_withdrawn(call.session, dossier)
    return None
