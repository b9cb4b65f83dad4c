"""The elements of a draft as a list, for narrow screens, for ears, and for whoever does not want to draw."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine import setup
from engine.diagram import Diagram, Element
from engine.setup import Role
from web.element_words import deadline_in_words, event_words, group_in_words, kind_words
from web.i18n import language, pick
from web.studio_parts import Parts


@dataclass(frozen=True)
class ElementRow:
    """One element in words."""

    id: str
    name: str
    kind: str
    lane: str
    who: str
    form: str
    form_file: str
    deadline: str
    leads_to: tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    """What elements are put into words with."""

    words: Mapping[str, str]
    """Kinds of elements and of events."""
    roles: Mapping[str, Role]
    forms: Mapping[str, str]
    """The file of each form."""


def rows_of(session: Session, parts: Parts) -> list[tuple[str, list[ElementRow]]]:
    """Return the elements of each diagram that can be read, file by file, in the order of the file."""
    forms = {one.id: one.file for one in parts.forms}
    known = _Known(kind_words() | event_words(), setup.of(session).roles, forms)
    return [
        (name, [_row(element, diagram, known) for element in diagram.elements.values()])
        for name, diagram in parts.diagrams.items()
    ]


def _row(element: Element, diagram: Diagram, known: _Known) -> ElementRow:
    form = element.form_id or ""
    return ElementRow(
        id=element.id,
        name=element.label(language()),
        kind=_kind(element, known.words),
        lane=pick(element.lane, element.lane_en),
        who=group_in_words(element.candidate_groups or "", known.roles) or element.assignee or "",
        form=form,
        form_file=known.forms.get(form, ""),
        deadline=deadline_in_words(element.due_date or (element.event.timer if element.event else "")),
        leads_to=tuple(_next_of(element, diagram)),
    )


def _kind(element: Element, words: Mapping[str, str]) -> str:
    kind = words.get(element.kind, element.kind)
    event = words.get(element.event.kind) if element.event else None
    return f"{kind}, {event}" if event else kind


def _next_of(element: Element, diagram: Diagram) -> list[str]:
    found: list[str] = []
    for flow_id in element.outgoing:
        flow = diagram.flows[flow_id]
        target = diagram.elements.get(flow.target_id)
        name = target.label(language()) if target else flow.target_id
        label = pick(flow.name, flow.name_en)
        found.append(f"{label}: {name}" if label else name)
    return found
