"""What may be named in a draft: what this installation knows, and what the draft itself brings along."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Final

from sqlalchemy.orm import Session

from engine import definitions, drafts, setup
from engine.diagram import Element
from engine.digest_cache import DigestCache
from engine.models import DefinitionDraft, DefinitionVersion
from web.i18n import language, pick
from web.studio_parts import Field, Parts

Row = Mapping[str, object]
CACHED_VERSIONS: Final = 64
_published: DigestCache[list[Element]] = DigestCache(CACHED_VERSIONS)


def lists_of(session: Session, draft: DefinitionDraft) -> dict[str, object]:
    """Return the lists from which editors let choose, in the reader's language."""
    wiring, parts = setup.of(session), Parts(drafts.files_of(draft))
    spoken = _spoken_actions(chain(parts.elements, _published_elements(session)))
    recorded = {
        element.properties["record"]: element.label(language())
        for element in parts.elements
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
        "forms": [{"id": one.id, "name": one.name, "file": one.file} for one in parts.forms],
        "tables": [{"decision_id": one.id, "name": one.name, "file": one.file} for one in parts.tables],
        "texts": [
            {"id": one.id, "type": one.kind, "name": one.name, "file": one.file} for one in parts.texts
        ],
        "processes": [
            {"key": process.id, "name": pick(process.name, process.name_en) or process.id}
            for diagram in parts.diagrams.values()
            for process in diagram.processes.values()
            if process.id != draft.key
        ],
        "variables": _variables(parts),
        "form_fields": {form_id: [field.key for field in found] for form_id, found in parts.fields.items()},
    }


def _published_elements(session: Session) -> Iterator[Element]:
    for version in definitions.find_published(session):
        yield from _published.get(version.sha256, partial(_elements_of, version))


def _elements_of(version: DefinitionVersion) -> list[Element]:
    return list(Parts(definitions.files_of(version)).elements)


def _spoken_actions(elements: Iterable[Element]) -> dict[str, str]:
    """Return how diagrams name the steps that call an action: the words officials know it by."""
    spoken: dict[str, str] = {}
    for element in elements:
        if element.action and element.name:
            spoken.setdefault(element.action, element.label(language()))
    return spoken


def _variables(parts: Parts) -> list[Row]:
    """Return the variables that something in the draft sets, each with where it comes from."""
    found: dict[str, Row] = {}
    for element in parts.elements:
        for name, info in _set_by(element, parts.fields):
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
