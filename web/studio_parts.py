"""What the files of a draft hold, read for lists and tables: what is broken is left out, never refused."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import PurePath
from typing import cast

from engine.diagram import Diagram, Element
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


@dataclass(frozen=True)
class Parts:
    """The files of one definition, each read once, and only if somebody asks."""

    files: Mapping[str, bytes]

    @cached_property
    def diagrams(self) -> dict[str, Diagram]:
        """The diagrams that can be read, by file."""
        found: dict[str, Diagram] = {}
        for name in _with_suffix(self.files, ".bpmn"):
            try:
                found[name] = read_diagram(name, self.files[name])
            except XmlRefusedError:
                continue
        return found

    @property
    def elements(self) -> Iterator[Element]:
        """The elements of all diagrams."""
        return chain.from_iterable(diagram.elements.values() for diagram in self.diagrams.values())

    @cached_property
    def forms(self) -> list[Part]:
        """The forms, named by their first heading, else by the step that shows them, else by id."""
        steps = {element.form_id: element.label(language()) for element in reversed(list(self.elements))}
        found: list[Part] = []
        for name, schema in _objects(self.files, ".form"):
            form_id = _id(schema, name)
            found.append(Part(form_id, _heading(schema) or steps.get(form_id, form_id), name))
        return found

    @cached_property
    def texts(self) -> list[Part]:
        """The texts of mails and documents."""
        return [
            Part(
                _id(content, name), _text(content, "name") or _id(content, name), name, _text(content, "type")
            )
            for name, content in _objects(self.files, ".text")
        ]

    @cached_property
    def tables(self) -> list[Part]:
        """The decisions of all decision tables."""
        found: list[Part] = []
        for name in _with_suffix(self.files, ".dmn"):
            try:
                root = parse(self.files[name])
            except XmlRefusedError:
                continue
            for node in root:
                if local_name(node) == "decision":
                    decision_id = node.get("id", "")
                    found.append(Part(decision_id, node.get("name") or decision_id, name))
        return found

    @cached_property
    def fields(self) -> dict[str, list[Field]]:
        """The keyed fields of every form by its id, those of lists without the fields of their rows."""
        return {_id(schema, name): list(_fields(schema)) for name, schema in _objects(self.files, ".form")}

    @cached_property
    def users(self) -> dict[str, list[str]]:
        """The steps that name a form, table or text, by its id."""
        users: dict[str, list[str]] = {}
        for element in self.elements:
            for part in (element.form_id, element.called_decision, element.headers.get("text")):
                if part:
                    users.setdefault(part, []).append(element.label(language()))
        return users


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


def _id(value: Json, file: str) -> str:
    return _text(value, "id") or PurePath(file).stem


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
