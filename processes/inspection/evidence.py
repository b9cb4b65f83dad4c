"""Keeps the files that prove an answer of the self-report or a remedy."""

from collections.abc import Sequence

from sqlalchemy import select

from engine.models import Upload
from engine.setup import ActionCall, FormCall
from processes.awards.errors import AnswerError
from processes.awards.models import Inspection, InspectionEvidence, Remedy


def keep_evidence(
    call: ActionCall,
    inspection: Inspection,
    upload_ids: Sequence[int],
    *,
    topic: str = "",
    remedy: Remedy | None = None,
) -> None:
    """Let a question or a remedy have exactly these files. Flushes.

    Raises:
        AnswerError: a file is not there any more.

    """
    remedy_id = remedy.id if remedy else None
    for proof in find_evidence(call, inspection, topic=topic, remedy_id=remedy_id):
        if proof.upload_id not in upload_ids:
            call.session.delete(proof)
    call.session.flush()
    for upload_id in dict.fromkeys(upload_ids):
        if call.session.get(InspectionEvidence, (inspection.id, upload_id)) is None:
            _add(call, inspection, upload_id, topic=topic, remedy_id=remedy_id)
    call.session.flush()


def find_evidence(
    call: ActionCall | FormCall, inspection: Inspection, *, topic: str = "", remedy_id: int | None = None
) -> list[InspectionEvidence]:
    """Return the files of one question, or of one remedy, in the order they came."""
    query = select(InspectionEvidence).where(
        InspectionEvidence.inspection_id == inspection.id,
        InspectionEvidence.topic == topic,
        InspectionEvidence.remedy_id == remedy_id
        if remedy_id is not None
        else InspectionEvidence.remedy_id.is_(None),
    )
    return list(call.session.scalars(query.order_by(InspectionEvidence.upload_id)))


def _add(
    call: ActionCall, inspection: Inspection, upload_id: int, *, topic: str, remedy_id: int | None
) -> None:
    upload = call.session.get(Upload, upload_id)
    if upload is None:
        raise AnswerError("Một tệp không còn nữa, chọn lại tệp.", "A file is gone, choose it again.")
    if upload.instance_id is None:
        upload.instance_id = call.instance.id
    proof = InspectionEvidence(
        inspection_id=inspection.id, upload_id=upload_id, topic=topic, remedy_id=remedy_id
    )
    call.session.add(proof)
