"""What the files of a draft hold, read for lists and tables: what is broken is left out, never refused."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import cast

from engine.diagram import Diagram
from engine.ingest import XmlRefusedError, read_diagram
from engine.ingest.xml import local_name, parse
from web.i18n import language

Json = dict[str, object]


@dataclass(frozen=True)
class Part:
    """A form, table or text by the id under which a diagram names it."""

    id: str
    name: str
    file: str
    kind: str = ""
    """Of texts: ``mail`` or ``document``."""


@dataclass(frozen=True)
class Field:
    """One keyed field of a form."""

    key: str
    label: str


def diagrams_of(files: Mapping[str, bytes]) -> dict[str, Diagram]:
    """Return the diagrams that can be read, by file."""
    found: dict[str, Diagram] = {}
    for name in _with_suffix(files, ".bpmn"):
        try:
            found[name] = read_diagram(name, files[name])
        except XmlRefusedError:
            continue
    return found


def forms_of(files: Mapping[str, bytes]) -> list[Part]:
    """Return the forms; named by its first heading, else by the step that shows it, else by id."""
    steps = {
        element.form_id: element.label(language())
        for diagram in diagrams_of(files).values()
        for element in reversed(list(diagram.elements.values()))
    }
    found: list[Part] = []
    for name, schema in _objects(files, ".form"):
        form_id = _text(schema, "id") or PurePath(name).stem
        found.append(Part(form_id, _heading(schema) or steps.get(form_id, form_id), name))
    return found


def texts_of(files: Mapping[str, bytes]) -> list[Part]:
    """Return the texts of mails and documents."""
    return [
        Part(
            _text(content, "id") or PurePath(name).stem,
            _text(content, "name") or PurePath(name).stem,
            name,
            _text(content, "type"),
        )
        for name, content in _objects(files, ".text")
    ]


def tables_of(files: Mapping[str, bytes]) -> list[Part]:
    """Return the decisions of all decision tables."""
    found: list[Part] = []
    for name in _with_suffix(files, ".dmn"):
        try:
            root = parse(files[name])
        except XmlRefusedError:
            continue
        for node in root:
            if local_name(node) == "decision":
                decision_id = node.get("id", "")
                found.append(Part(decision_id, node.get("name") or decision_id, name))
    return found


def fields_of(files: Mapping[str, bytes]) -> dict[str, list[Field]]:
    """Return the keyed fields of every form by its id, those of lists without the fields of their rows."""
    return {
        _text(schema, "id") or PurePath(name).stem: list(_fields(schema))
        for name, schema in _objects(files, ".form")
    }


def _with_suffix(files: Mapping[str, bytes], suffix: str) -> list[str]:
    return sorted(name for name in files if name.endswith(suffix))


def _objects(files: Mapping[str, bytes], suffix: str) -> Iterator[tuple[str, Json]]:
    for name in _with_suffix(files, suffix):
        try:
            value: object = json.loads(files[name])
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            yield name, cast("Json", value)


def _text(value: Json, name: str) -> str:
    found = value.get(name)
    return found if isinstance(found, str) else ""


def _components(value: Json) -> Iterator[Json]:
    children = value.get("components")
    for child in cast("list[object]", children) if isinstance(children, list) else []:
        if isinstance(child, dict):
            yield cast("Json", child)


def _heading(schema: Json) -> str:
    for component in _components(schema):
        if _text(component, "type") == "text" and _text(component, "text").startswith("#"):
            return _text(component, "text").splitlines()[0].strip("# ")
    return ""


def _fields(schema: Json) -> Iterator[Field]:
    waiting = list(_components(schema))
    while waiting:
        component = waiting.pop(0)
        key = _text(component, "key") or _text(component, "path")
        if key and _text(component, "type") != "group":
            yield Field(key, _text(component, "label"))
        elif _text(component, "type") == "group":
            waiting[:0] = _components(component)
