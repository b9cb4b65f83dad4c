"""What an instance is about, in two lines: its code, its unit and the matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.models import ProcessInstance, Unit
from processes.awards.models import Dossier, Inspection, InspectionPlan, Nominee, NomineeKind
from web.i18n import gettext as _
from web.i18n import language, ngettext, pick

PAGES = {
    "dossier": ("dossiers.show", "dossier_id"),
    "council_session": ("council.show", "session_id"),
    "decision": ("decisions.show", "decision_id"),
    "inspection": ("inspections.show", "inspection_id"),
    "inspection_plan": ("inspection_plans.show", "plan_id"),
    "directive": ("directives.show", "directive_id"),
    "directive_task": ("directive_tasks.show", "task_id"),
}
"""Kind of a business key -> the page it leads to, and the name of its argument."""


@dataclass(frozen=True)
class Subject:
    """What a task or an instance is about. ``endpoint`` leads to its page, where it has one."""

    code: str
    unit_name: str
    about: str
    more: str = ""
    endpoint: str = ""
    argument: str = ""
    number: int = 0

    @property
    def search_text(self) -> str:
        """Everything a search in a list looks at."""
        return f"{self.code} {self.unit_name} {self.about} {self.more}"


def of_instances(session: Session, instances: Sequence[ProcessInstance]) -> Mapping[int, Subject]:
    """Return the subject of each instance by its id; a fixed number of queries."""
    unit_ids = {one.unit_id for one in instances if one.unit_id is not None}
    units = {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.id.in_(unit_ids)))}
    found = {one.id: _subject(one, units.get(one.unit_id or 0)) for one in instances}
    matters = _matters(session, {one.number for one in found.values() if one.endpoint == "dossiers.show"})
    topics = {
        **_topics(session, {one.id for one in instances if one.key == "inspection"}),
        **_plans(session, {one.id for one in instances if one.key == "inspection_plan"}),
    }
    for key, one in found.items():
        if one.endpoint == "dossiers.show" and one.number in matters:
            found[key] = replace(one, about=matters[one.number][0], more=matters[one.number][1])
        elif key in topics:
            found[key] = replace(topics[key], unit_name=one.unit_name or topics[key].unit_name)
    return found


def _subject(instance: ProcessInstance, unit: Unit | None) -> Subject:
    kind, _colon, key = (instance.business_key or "").partition(":")
    code, _dot, rest = instance.title.partition(" · ")
    endpoint, argument = PAGES.get(kind, ("", ""))
    return Subject(
        code=code if rest else "",
        unit_name=pick(unit.name, unit.name_en) if unit else "",
        about=rest or instance.title,
        endpoint=endpoint if key.isdecimal() else "",
        argument=argument,
        number=int(key) if key.isdecimal() else 0,
    )


def _matters(session: Session, dossier_ids: set[int]) -> dict[int, tuple[str, str]]:
    """Return the award of each dossier and how many of which kind it names."""
    if not dossier_ids:
        return {}
    counted = session.execute(
        select(Nominee.dossier_id, Nominee.kind, func.count())
        .where(Nominee.dossier_id.in_(dossier_ids))
        .group_by(Nominee.dossier_id, Nominee.kind)
    )
    counts = {(dossier_id, kind): count for dossier_id, kind, count in counted}
    found = session.scalars(select(Dossier).where(Dossier.id.in_(dossier_ids)))
    return {
        one.id: (
            one.award.label(language()) if one.award else _("Chưa chọn danh hiệu, hình thức"),
            count_nominees(
                counts.get((one.id, NomineeKind.INDIVIDUAL), 0),
                counts.get((one.id, NomineeKind.COLLECTIVE), 0),
            ),
        )
        for one in found
    }


def _topics(session: Session, instance_ids: set[int]) -> dict[int, Subject]:
    """Return the subjects of inspections, which schedules start before they have a number."""
    if not instance_ids:
        return {}
    found = session.scalars(select(Inspection).where(Inspection.instance_id.in_(instance_ids)))
    endpoint, argument = PAGES["inspection"]
    return {
        one.instance_id: Subject(
            code=one.code,
            unit_name=pick(one.unit.name, one.unit.name_en),
            about=one.topic,
            endpoint=endpoint,
            argument=argument,
            number=one.id,
        )
        for one in found
        if one.instance_id is not None
    }


def _plans(session: Session, instance_ids: set[int]) -> dict[int, Subject]:
    """Return the subjects of yearly plans of inspections, which are numbered by their year."""
    if not instance_ids:
        return {}
    found = session.scalars(select(InspectionPlan).where(InspectionPlan.instance_id.in_(instance_ids)))
    endpoint, argument = PAGES["inspection_plan"]
    return {
        one.instance_id: Subject(
            code=one.code,
            unit_name="",
            about=_("Kế hoạch kiểm tra năm %(year)s", year=one.year),
            endpoint=endpoint,
            argument=argument,
            number=one.id,
        )
        for one in found
        if one.instance_id is not None
    }


def count_nominees(individuals: int, collectives: int) -> str:
    """Say "14 cá nhân, 3 tập thể"; nothing where there are none."""
    parts: list[str] = []
    if individuals:
        parts.append(ngettext("%(num)s cá nhân", "%(num)s cá nhân", individuals))
    if collectives:
        parts.append(ngettext("%(num)s tập thể", "%(num)s tập thể", collectives))
    return ", ".join(parts)
