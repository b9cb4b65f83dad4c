"""What an instance is about, in two lines: its code, its unit and the matter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.models import ProcessInstance, Unit
from web.i18n import pick


@dataclass(frozen=True)
class Subject:
    """What a task or an instance is about. ``endpoint`` and ``number`` lead to its page, where it has one."""

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
    return {one.id: _subject(one, units.get(one.unit_id or 0)) for one in instances}


def _subject(instance: ProcessInstance, unit: Unit | None) -> Subject:
    kind, _colon, key = (instance.business_key or "").partition(":")
    code, _dash, rest = instance.title.partition(" · ")
    return Subject(
        code=code if rest else "",
        unit_name=pick(unit.name, unit.name_en) if unit else "",
        about=rest or instance.title,
        endpoint=_PAGES.get(kind, ("", ""))[0],
        argument=_PAGES.get(kind, ("", ""))[1],
        number=int(key) if key.isdecimal() else 0,
    )


_PAGES = {
    "dossier": ("dossiers.show", "dossier_id"),
    "council_session": ("council.show", "session_id"),
    "decision": ("decisions.show", "decision_id"),
    "inspection": ("inspections.show", "inspection_id"),
}
"""Kind of a business key -> the page it leads to, and the name of its argument."""
