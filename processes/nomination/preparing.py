"""What the unit does: prepare the dossier, sign its submission letter, send a supplement."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.feel import Value
from engine.models import Upload
from engine.people import local_day
from engine.setup import ActionCall, ActionResult
from engine.text import fold, sort_key
from processes.awards import catalogue, opinions, prior_awards
from processes.awards.answers import day_of, flag_of, rows_of, text_of, whole_of, wholes_of
from processes.awards.calls import actor_of, dossier_of
from processes.awards.dossiers import refresh_search_text
from processes.awards.errors import AnswerError
from processes.awards.models import (
    Award,
    AwardRound,
    Dossier,
    DossierDocument,
    DossierStage,
    Nominee,
    NomineeKind,
)
from processes.awards.registry import action

DOCUMENT_FIELDS: Final = {
    "achievement_reports": "bao_cao_thanh_tich",
    "unit_minutes": "bien_ban_binh_xet",
    "initiative_certificates": "chung_nhan_sang_kien",
    "score_tables": "bang_diem_cum_khoi",
    "agency_opinions": "y_kien_so_ngoai_vu_va_cong_an",
    "other_documents": "khac",
}
"""Fields of the form -> kinds of documents."""

_INDIVIDUALS: Final = frozenset({"ca_nhan", "nguoi_nuoc_ngoai", "nguoi_vn_o_nuoc_ngoai"})


@action("nomination.record_dossier")
def record_dossier(call: ActionCall) -> ActionResult:
    """Write the unit's dossier: award, round, nominees, papers."""
    dossier = dossier_of(call)
    dossier.award = _chosen_award(call.session, text_of(call.variables, "award"))
    dossier.round = _chosen_round(call)
    dossier.summary = text_of(call.variables, "summary")
    rows = list(rows_of(call.variables, "nominees"))
    _write_nominees(call.session, dossier, rows, today=local_day(call.now))
    for field, kind in DOCUMENT_FIELDS.items():
        keep_documents(call.session, dossier, kind, wholes_of(call.variables, field), now=call.now)
    dossier.stage = DossierStage.AWAITING_SIGNATURE
    refresh_search_text(dossier)
    call.instance.title = title_of(dossier)
    return {"nominee_count": Decimal(len(dossier.nominees))}


@action("nomination.record_submission")
def record_submission(call: ActionCall) -> ActionResult:
    """Write whether the head signed the submission letter or sent the dossier back to his officer."""
    dossier = dossier_of(call)
    outcome = text_of(call.variables, "submission_outcome")
    if outcome == "sign":
        dossier.submission_number = text_of(call.variables, "submission_number")
        letters = wholes_of(call.variables, "submission_letter")
        keep_documents(call.session, dossier, "to_trinh", letters, now=call.now)
        dossier.stage = DossierStage.SENT
        refresh_search_text(dossier)
    else:
        send_back_to_unit(call, dossier)
    return {"submission_outcome": outcome}


@action("nomination.record_supplement")
def record_supplement(call: ActionCall) -> ActionResult:
    """Add what the unit sends after; nothing that was there goes away."""
    dossier = dossier_of(call)
    files = wholes_of(call.variables, "supplement_files")
    for upload_id in files:
        _add_document(call.session, dossier, "bo_sung", upload_id, now=call.now, is_supplement=True)
    opinions.add_opinion(
        call.session,
        dossier,
        step="supplement_dossier",
        verdict="supplement",
        text=text_of(call.variables, "supplement_note"),
        author=actor_of(call),
        now=call.now,
        turn=opinions.current_turn(call.session, dossier),
    )
    dossier.stage = DossierStage.APPRAISING
    return None


def send_back_to_unit(call: ActionCall, dossier: Dossier) -> None:
    """Give the dossier back to the unit's officer with a reason."""
    reason = text_of(call.variables, "reason")
    if not reason:
        raise AnswerError("Ghi lý do trả lại.", "Give the reason for sending it back.")
    opinions.add_opinion(
        call.session,
        dossier,
        step=call.element.id,
        verdict="send_back",
        text=reason,
        author=actor_of(call),
        now=call.now,
        turn=opinions.current_turn(call.session, dossier),
    )
    dossier.stage = DossierStage.SENT_BACK


def title_of(dossier: Dossier) -> str:
    """Return what lists of tasks call the dossier."""
    award = dossier.award.name if dossier.award else ""
    return f"{dossier.code} · {dossier.unit.name} đề nghị {len(dossier.nominees)} {award}"


def _chosen_award(session: Session, slug: str) -> Award:
    for award in catalogue.city_awards(session):
        if award.slug == slug:
            return award
    raise AnswerError("Chọn danh hiệu hoặc hình thức khen thưởng.", "Choose an award.")


def _chosen_round(call: ActionCall) -> AwardRound:
    code = text_of(call.variables, "award_round")
    for award_round in catalogue.open_rounds(call.session, local_day(call.now)):
        if award_round.code == code:
            return award_round
    raise AnswerError("Chọn một kỳ xét đang mở.", "Choose a round that is open.")


def _write_nominees(
    session: Session, dossier: Dossier, rows: Sequence[Mapping[str, Value]], *, today: date
) -> None:
    """Bring the nominees in line with the form; one who stays keeps his row and his opinions."""
    if not rows:
        raise AnswerError("Ghi ít nhất một người hoặc tập thể.", "Name at least one nominee.")
    known = {(nominee.kind, fold(nominee.name)): nominee for nominee in dossier.nominees}
    for number, nominee in enumerate(dossier.nominees, start=1):
        nominee.position = -number
    session.flush()
    kept: list[Nominee] = []
    seen: set[tuple[NomineeKind, str]] = set()
    for number, row in enumerate(rows, start=1):
        kind = _kind_of(row, dossier)
        name = " ".join(text_of(row, "name").split())
        key = (kind, fold(name))
        if key in seen:
            raise AnswerError(f"{name} có hai lần trong danh sách.", f"{name} is listed twice.")
        seen.add(key)
        nominee = known.get(key) or Nominee(kind=kind, name=name)
        _fill(nominee, row, name=name, position=number)
        _declare(nominee, row, today=today)
        kept.append(nominee)
    dossier.nominees[:] = kept
    session.flush()


def _kind_of(row: Mapping[str, Value], dossier: Dossier) -> NomineeKind:
    kind = NomineeKind(text_of(row, "kind") or "individual")
    recipients = set(dossier.award.recipients if dossier.award else ())
    takes_individuals = bool(recipients & _INDIVIDUALS)
    if kind is NomineeKind.INDIVIDUAL and not takes_individuals:
        raise AnswerError("Danh hiệu này chỉ dành cho tập thể.", "This award is for collectives only.")
    if kind is NomineeKind.COLLECTIVE and not recipients - _INDIVIDUALS:
        raise AnswerError("Danh hiệu này chỉ dành cho cá nhân.", "This award is for individuals only.")
    return kind


def _fill(nominee: Nominee, row: Mapping[str, Value], *, name: str, position: int) -> None:
    individual = nominee.kind is NomineeKind.INDIVIDUAL
    if not name:
        raise AnswerError("Ghi tên ở mọi dòng.", "Give a name in every row.")
    nominee.name = name
    nominee.sort_key = sort_key(name)
    nominee.name_key = fold(name)
    nominee.position = position
    nominee.job_title = text_of(row, "job_title") if individual else ""
    nominee.workplace = text_of(row, "workplace")
    nominee.is_direct_worker = individual and flag_of(row, "is_direct_worker")
    nominee.is_female = individual and flag_of(row, "is_female")
    nominee.achievement = text_of(row, "achievement")
    nominee.initiative = text_of(row, "initiative")


def _declare(nominee: Nominee, row: Mapping[str, Value], *, today: date) -> None:
    """Write what award rules read and only the unit knows; what does not belong to the kind falls away."""
    individual = nominee.kind is NomineeKind.INDIVIDUAL
    nominee.born_on = day_of(row, "born_on") if individual else None
    nominee.serves_since_year = whole_of(row, "serves_since_year") if individual else None
    nominee.member_count = None if individual else whole_of(row, "member_count")
    nominee.advanced_worker_count = None if individual else whole_of(row, "advanced_worker_count")
    nominee.emulation_fighter_count = None if individual else whole_of(row, "emulation_fighter_count")
    nominee.prior_awards = text_of(row, "prior_awards")
    for line in prior_awards.unreadable_lines(nominee.prior_awards, today):
        raise AnswerError(
            f"{nominee.name}, dòng “{line}”: ghi tên danh hiệu; năm được tặng; số quyết định.",
            f"{nominee.name}, line “{line}”: give the award; the year; the number of the decision.",
        )


def keep_documents(
    session: Session, dossier: Dossier, kind: str, upload_ids: Sequence[int], *, now: datetime
) -> None:
    """Let the dossier hold exactly these files of a kind; supplements stay."""
    for document in list(dossier.documents):
        is_dropped = document.kind == kind and document.upload_id not in upload_ids
        if is_dropped and not document.is_supplement:
            dossier.documents.remove(document)
    for upload_id in upload_ids:
        _add_document(session, dossier, kind, upload_id, now=now, is_supplement=False)


def _add_document(  # noqa: PLR0913  # the columns of a document
    session: Session, dossier: Dossier, kind: str, upload_id: int, *, now: datetime, is_supplement: bool
) -> None:
    if any(document.kind == kind and document.upload_id == upload_id for document in dossier.documents):
        return
    upload = session.scalar(select(Upload).where(Upload.id == upload_id))
    if upload is None:
        raise AnswerError("Một tệp không còn nữa, chọn lại tệp.", "A file is gone, choose it again.")
    if upload.instance_id is None:
        upload.instance_id = dossier.instance_id
    dossier.documents.append(
        DossierDocument(kind=kind, upload=upload, added_at=now, is_supplement=is_supplement)
    )
