"""What the page of a dossier shows: header, nominees, papers, opinions, and its way so far in plain words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from engine.models import Task, TaskState
from engine.people import Authority
from processes.awards import catalogue, permissions, rules, unit_records
from processes.awards.catalogue import DOCUMENT_NAMES
from processes.awards.models import (
    AppraisalOpinion,
    AwardRule,
    CouncilResult,
    Dossier,
    DossierDocument,
    Nominee,
    NomineeKind,
)
from processes.awards.stages import HOLDERS_WITHOUT_TASK, RESULT_NAMES, STAGE_NAMES, VERDICT_NAMES, word
from processes.awards.unit_records import UnitRecord


@dataclass(frozen=True)
class NomineeFacts:
    """One nominee of a dossier."""

    id: int
    position: int
    name: str
    about: str
    """Job title and workplace."""
    kind: NomineeKind
    is_direct_worker: bool
    is_female: bool
    achievement: str
    initiative: str
    verdict: str
    verdict_chip: str
    verdict_reason: str
    council_result: CouncilResult | None
    result: str
    result_chip: str
    result_reason: str


@dataclass(frozen=True)
class FileFacts:
    """One file of a kind of document."""

    upload_id: int
    name: str
    size_bytes: int
    added_at: datetime
    added_by: str
    is_supplement: bool


@dataclass(frozen=True)
class DocumentFacts:
    """One kind of document: needed by the rule, or given besides."""

    kind: str
    name: str
    is_required: bool
    files: list[FileFacts]

    @property
    def is_missing(self) -> bool:
        """Whether the rule asks for it and nothing is there."""
        return self.is_required and not self.files


@dataclass(frozen=True)
class OpinionFacts:
    """What an officer wrote, of one nominee or of the whole dossier."""

    turn: int
    about: str
    """The nominee's name; empty for the whole dossier."""
    verdict: str
    text: str
    author: str
    written_at: datetime


@dataclass(frozen=True)
class DossierFacts:
    """All that the page shows, in one language."""

    code: str
    unit: str
    award: str
    award_kind: str
    """title or commendation_form; empty while none is chosen."""
    round: str
    summary: str
    submission_number: str
    stage: str
    stage_chip: str
    holder_without_task: str
    """The body it waits for while no task of its own process is open; empty when nobody's turn it is."""
    received_at: datetime | None
    rule_set: str
    article: str
    nominees: list[NomineeFacts]
    direct_worker_count: int
    documents: list[DocumentFacts]
    opinions: list[OpinionFacts]
    open_tasks: list[Task]
    withdrawal_reason: str
    record: UnitRecord | None = None
    """The unit's record with the inspectors, for those who may read inspections of the unit."""

    @property
    def missing(self) -> list[DocumentFacts]:
        """What the rule asks for and nobody gave."""
        return [document for document in self.documents if document.is_missing]


def dossier_facts(
    session: Session, dossier: Dossier, *, reader: Authority, language: str, on: date
) -> DossierFacts:
    """Gather what the page of a dossier shows; the caller has looked it up for its reader."""
    rule = _rule_of(session, dossier)
    stage = STAGE_NAMES[dossier.stage]
    english = language == "en"
    return DossierFacts(
        code=dossier.code,
        unit=(dossier.unit.name_en if english else "") or dossier.unit.name,
        award=dossier.award.label(language) if dossier.award else "",
        award_kind=dossier.award.kind.value if dossier.award else "",
        round="" if dossier.round is None else dossier.round.name_en if english else dossier.round.name,
        summary=dossier.summary,
        submission_number=dossier.submission_number,
        stage=word(stage, language),
        stage_chip=stage[2],
        holder_without_task=word(HOLDERS_WITHOUT_TASK.get(dossier.stage, ("", "", "")), language),
        received_at=dossier.received_at,
        rule_set=_rule_set_name(dossier, language),
        article=rule.article if rule else "",
        nominees=[_nominee_facts(nominee, language) for nominee in dossier.nominees],
        direct_worker_count=sum(nominee.is_direct_worker for nominee in dossier.nominees),
        documents=_documents(session, dossier, rule, language),
        opinions=find_opinions(session, dossier, language=language),
        open_tasks=_open_tasks(session, dossier),
        withdrawal_reason=dossier.withdrawal_reason,
        record=_record(session, dossier, reader, on, language),
    )


def _record(
    session: Session, dossier: Dossier, reader: Authority, on: date, language: str
) -> UnitRecord | None:
    if not permissions.can_see_inspections_of(reader, dossier.unit):
        return None
    return unit_records.find_record(session, dossier.unit, on=on, language=language)


def _rule_set_name(dossier: Dossier, language: str) -> str:
    if dossier.rule_set is None:
        return ""
    return dossier.rule_set.name_en if language == "en" else dossier.rule_set.name


def _rule_of(session: Session, dossier: Dossier) -> AwardRule | None:
    """Return the rule that holds for the dossier, or the one of today's youngest set before receipt."""
    if dossier.award_id is None:
        return None
    sets = catalogue.find_rule_sets(session)
    rule_set_id = dossier.rule_set_id or (sets[0].id if sets else None)
    return session.get(AwardRule, (rule_set_id, dossier.award_id)) if rule_set_id else None


def _nominee_facts(nominee: Nominee, language: str) -> NomineeFacts:
    verdict = VERDICT_NAMES[nominee.verdict] if nominee.verdict else ("", "", "")
    result = RESULT_NAMES[nominee.result] if nominee.result else ("", "", "")
    return NomineeFacts(
        id=nominee.id,
        position=nominee.position,
        name=nominee.name,
        about=", ".join(part for part in (nominee.job_title, nominee.workplace) if part),
        kind=nominee.kind,
        is_direct_worker=nominee.is_direct_worker,
        is_female=nominee.is_female,
        achievement=nominee.achievement,
        initiative=nominee.initiative,
        verdict=word(verdict, language),
        verdict_chip=verdict[2],
        verdict_reason=nominee.verdict_reason,
        council_result=nominee.council_result,
        result=word(result, language),
        result_chip=result[2],
        result_reason=nominee.result_reason,
    )


def _documents(
    session: Session, dossier: Dossier, rule: AwardRule | None, language: str
) -> list[DocumentFacts]:
    required = list(rule.documents) if rule else []
    found = session.scalars(
        select(DossierDocument).where(DossierDocument.dossier_id == dossier.id).order_by(DossierDocument.id)
    ).all()
    kinds = dict.fromkeys([*required, *(document.kind for document in found)])
    return [
        DocumentFacts(
            kind,
            document_name(kind, language),
            kind in required,
            [_file_facts(document) for document in found if document.kind == kind],
        )
        for kind in kinds
    ]


def _file_facts(document: DossierDocument) -> FileFacts:
    upload = document.upload
    return FileFacts(
        upload.id,
        upload.name,
        upload.size_bytes,
        document.added_at,
        upload.uploaded_by.full_name,
        document.is_supplement,
    )


def document_name(kind: str, language: str) -> str:
    """Return the name of a kind of document in ``vi`` or ``en``."""
    vi, en = DOCUMENT_NAMES.get(kind, (kind, kind))
    return en if language == "en" else vi


def missing_names(session: Session, dossier: Dossier, *, language: str) -> list[str]:
    """Return the names of the documents that the rule asks for and nobody gave."""
    rule = _rule_of(session, dossier)
    present = {document.kind for document in dossier.documents}
    missing = rules.missing_documents(rule.documents if rule else [], present)
    return [document_name(kind, language) for kind in missing]


def find_opinions(session: Session, dossier: Dossier, *, language: str) -> list[OpinionFacts]:
    """Return all opinions ever written on the dossier, the newest first."""
    found = session.scalars(
        select(AppraisalOpinion)
        .where(AppraisalOpinion.dossier_id == dossier.id)
        .options(joinedload(AppraisalOpinion.author))
        .order_by(AppraisalOpinion.id.desc())
    )
    names: Mapping[str, tuple[str, str, str]] = {
        verdict.value: words for verdict, words in VERDICT_NAMES.items()
    } | {"send_back": ("Trả lại", "Sent back", "warn"), "approve": ("Duyệt", "Approved", "ok")}
    return [
        OpinionFacts(
            opinion.turn,
            opinion.about,
            word(names.get(opinion.verdict, ("", "", "")), language),
            opinion.text,
            opinion.author.full_name,
            opinion.written_at,
        )
        for opinion in found
    ]


def _open_tasks(session: Session, dossier: Dossier) -> list[Task]:
    query = (
        select(Task)
        .where(Task.instance_id == dossier.instance_id, Task.state == TaskState.OPEN)
        .options(joinedload(Task.assignee))
    )
    return list(session.scalars(query))
