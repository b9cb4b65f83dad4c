"""What may be named in a draft: what this installation knows, and what the draft itself brings along."""

from collections.abc import Iterable, Mapping
from itertools import chain

from sqlalchemy.orm import Session

from engine import definitions, drafts, setup
from engine.diagram import Diagram, Element
from engine.models import DefinitionDraft
from web import studio_parts
from web.i18n import language, pick
from web.studio_parts import Field

Row = Mapping[str, object]


def lists_of(session: Session, draft: DefinitionDraft) -> dict[str, object]:
    """Return the lists from which editors let choose, in the reader's language."""
    wiring, files = setup.of(session), drafts.files_of(draft)
    diagrams = list(studio_parts.diagrams_of(files).values())
    fields = studio_parts.fields_of(files)
    spoken = _spoken_actions([*diagrams, *_published_diagrams(session)])
    recorded = {
        element.properties["record"]: element.label(language())
        for element in _elements(diagrams)
        if element.properties.get("record")
    }
    return {
        "roles": [
            {"code": role.code, "name": pick(role.name_vi, role.name_en), "per_unit": role.per_unit}
            for role in wiring.roles.values()
        ],
        "actions": [{"code": code, "name": spoken.get(code, code)} for code in sorted(wiring.actions)],
        "records": [
            {"code": code, "name": spoken.get(code) or recorded.get(code, code)}
            for code in sorted(wiring.actions)
        ],
        "form_sources": sorted(wiring.form_sources),
        "forms": [{"id": one.id, "name": one.name, "file": one.file} for one in studio_parts.forms_of(files)],
        "tables": [
            {"decision_id": one.id, "name": one.name, "file": one.file}
            for one in studio_parts.tables_of(files)
        ],
        "texts": [
            {"id": one.id, "type": one.kind, "name": one.name, "file": one.file}
            for one in studio_parts.texts_of(files)
        ],
        "processes": [
            {"key": process.id, "name": pick(process.name, process.name_en) or process.id}
            for diagram in diagrams
            for process in diagram.processes.values()
            if process.id != draft.key
        ],
        "variables": _variables(diagrams, fields),
        "form_fields": {form_id: [field.key for field in found] for form_id, found in fields.items()},
    }


def _published_diagrams(session: Session) -> list[Diagram]:
    found: list[Diagram] = []
    for version in definitions.find_published(session):
        found += studio_parts.diagrams_of(definitions.files_of(version)).values()
    return found


def _spoken_actions(diagrams: Iterable[Diagram]) -> dict[str, str]:
    """Return how diagrams name the steps that call an action: the words officials know it by."""
    spoken: dict[str, str] = {}
    for element in _elements(diagrams):
        if element.action and element.name:
            spoken.setdefault(element.action, element.label(language()))
    return spoken


def _elements(diagrams: Iterable[Diagram]) -> Iterable[Element]:
    return chain.from_iterable(diagram.elements.values() for diagram in diagrams)


def _variables(diagrams: Iterable[Diagram], fields: Mapping[str, list[Field]]) -> list[Row]:
    """Return the variables that something in the draft sets, each with where it comes from."""
    found: dict[str, Row] = {}
    for element in _elements(diagrams):
        for name, info in _set_by(element, fields):
            row = {"name": name, "info": info, "origin": element.label(language())}
            found.setdefault(name, row)
    return sorted(found.values(), key=lambda row: str(row["name"]))


def _set_by(element: Element, fields: Mapping[str, list[Field]]) -> Iterable[tuple[str, str]]:
    if element.outputs:
        yield from ((mapping.target.split(".")[0], "") for mapping in element.outputs if mapping.target)
    elif element.form_id:
        yield from ((field.key.split(".")[0], field.label) for field in fields.get(element.form_id, []))
    yield from ((mapping.target.split(".")[0], "") for mapping in element.inputs if mapping.target)
    loop = element.loop
    for name in (
        element.result_variable,
        loop.input_element if loop else None,
        loop.output_collection if loop else None,
    ):
        if name:
            yield name, ""
