"""Reads a form-js schema: every problem at once, or a form that can be shown and answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast

from engine.forms import names
from engine.forms.components import KINDS, read_component
from engine.forms.dependencies import in_reading_order, names_read
from engine.forms.form import Form
from engine.forms.json_text import Json, read_json
from engine.forms.members import Members
from engine.forms.model import Component, Kind, Path, Words
from engine.forms.problems import Findings, FormProblem, FormSchemaError

MAX_COMPONENTS: Final = 1_000
MAX_GROUPS: Final = 64
NEWEST_SCHEMA: Final = 19
_KEYED_BY: Final[Mapping[str, str]] = {"group": "path", "dynamiclist": "path"}
_KEYLESS: Final = frozenset({"text", "separator", "spacer", "table"})
_FORM_MEMBERS: Final = frozenset(
    {"executionPlatform", "executionPlatformVersion", "exporter", "versionTag", "$schema", "properties"}
)


def check_schema(content: bytes) -> list[FormProblem]:
    """Return all problems of a form, errors and notes, in the order in which they were found."""
    findings = Findings()
    _read(content, findings)
    return findings.problems


def parse_schema(content: bytes) -> Form:
    """Return the form that the JSON describes.

    Raises:
        FormSchemaError: it has problems of grade error; they are in ``problems``.

    """
    findings = Findings()
    form = _read(content, findings)
    if form is None or findings.has_errors:
        raise FormSchemaError(findings.problems)
    return form


def _read(content: bytes, findings: Findings) -> Form | None:
    raw = read_json(content, findings)
    if findings.problems:
        return None
    if not isinstance(raw, dict) or not isinstance(raw.get("components"), list):
        findings.add("not_a_form")
        return None
    members = Members(raw, findings)
    form_id = _read_head(members)
    reader = _Reader(findings)
    components = reader.read(members.array("components"), _Place())
    reader.check_rows()
    members.note_rest(_FORM_MEMBERS)
    everything = [found for component in components for found in component.walk()]
    return Form(
        id=form_id,
        components=components,
        order=in_reading_order(everything, findings),
        read_names=names_read(everything),
        submit=reader.submit,
    )


def _read_head(members: Members) -> str:
    form_id = members.text("id")
    if not form_id:
        members.note("id_missing")
    elif not names.is_id(form_id):
        members.note("bad_id", value=form_id)
    if members.text("type", "default") != "default":
        members.note("not_a_form")
    if (members.whole("schemaVersion") or 0) > NEWEST_SCHEMA:
        members.note("newer_schema", value=members.raw("schemaVersion"))
    return form_id


@dataclass(frozen=True)
class _Place:
    """Where in the form components are being read."""

    parent: int | None = None
    list_number: int | None = None
    path: Path = ()
    depth: int = 0


@dataclass
class _Reader:
    """Walks through the components and keeps what must be unique."""

    findings: Findings
    count: int = 0
    submit: Words = field(default_factory=Words)
    ids: set[str] = field(default_factory=set[str])
    keys: dict[int | None, dict[Path, bool]] = field(default_factory=dict[int | None, dict[Path, bool]])
    widths: dict[tuple[int | None, str], int] = field(default_factory=dict[tuple[int | None, str], int])

    def read(self, raw: list[Json], place: _Place) -> tuple[Component, ...]:
        """Return the components of one form, group or list."""
        if place.depth > MAX_GROUPS:
            self.findings.add("too_deep", limit=MAX_GROUPS)
            return ()
        result: list[Component] = []
        for entry in raw:
            if self.count >= MAX_COMPONENTS:
                self.findings.add("too_many_components", limit=MAX_COMPONENTS)
                break
            component = self._one(entry, place)
            if component is not None:
                result.append(component)
        return tuple(result)

    def _one(self, raw: Json, place: _Place) -> Component | None:
        if not isinstance(raw, dict):
            self.findings.add("wrong_type", name="components", wanted_vi="các đối tượng", wanted_en="objects")
            return None
        members = Members(raw, self.findings)
        members.element_id = self._id(members)
        kind = members.text("type")
        if kind == "button" and members.text("action", "submit") == "submit":
            self.submit = members.words("label")
            return None
        if kind not in KINDS:
            members.note("unknown_component", kind=kind)
            return None
        path = self._path(members, kind, place)
        number, self.count = self.count, self.count + 1
        children = members.array("components") if kind in _KEYED_BY else []
        component = read_component(members, number, cast("Kind", kind))
        component = replace(component, path=path, parent_number=place.parent, list_number=place.list_number)
        self._measure(component)
        return replace(component, components=self._children(component, children, place))

    def _children(self, component: Component, raw: list[Json], place: _Place) -> tuple[Component, ...]:
        depth = place.depth + 1
        if component.kind == "group":
            return self.read(
                raw, _Place(component.number, place.list_number, component.path or place.path, depth)
            )
        if component.kind != "dynamiclist":
            return ()
        if place.list_number is not None:
            self.findings.add("nested_list", element_id=component.id, key=component.key)
            return ()
        return self.read(raw, _Place(component.number, component.number, (), depth))

    def _id(self, members: Members) -> str | None:
        text = members.text("id")
        if not text:
            return None
        members.element_id = text
        if not names.is_id(text):
            members.note("bad_id", value=text)
        if text in self.ids:
            members.note("id_duplicate", value=text)
        self.ids.add(text)
        return text

    def _path(self, members: Members, kind: str, place: _Place) -> Path:
        """The key with those of the enclosing groups in front; empty where the kind has none."""
        if kind in _KEYLESS:
            return ()
        text = members.text(_KEYED_BY.get(kind, "key"))
        members.key = text
        if not text:
            if kind != "group" and members.raw(_KEYED_BY.get(kind, "key")) in (None, ""):
                members.note("key_missing")
            return ()
        path = names.read_key(text, self.findings, element_id=members.element_id)
        if not path:
            return ()
        whole = (*place.path, *path)
        if kind != "group":
            self._claim(whole, members, place)
        return whole

    def _claim(self, path: Path, members: Members, place: _Place) -> None:
        """One key, one field; and no key that is also the context of others."""
        claimed = self.keys.setdefault(place.list_number, {})
        if claimed.get(path):
            members.note("key_duplicate", value=".".join(path))
        elif path in claimed or any(claimed.get(path[:length]) for length in range(1, len(path))):
            members.note("key_shadowed", value=".".join(path))
        for length in range(1, len(path)):
            claimed.setdefault(path[:length], False)
        claimed[path] = True

    def _measure(self, component: Component) -> None:
        if component.row and component.columns:
            place = (component.parent_number, component.row)
            self.widths[place] = self.widths.get(place, 0) + component.columns

    def check_rows(self) -> None:
        """Note the rows of the grid that are too wide."""
        for (_, row), width in self.widths.items():
            if width > 16:  # noqa: PLR2004 -- the grid of form-js has 16 columns
                self.findings.add("row_too_wide", value=row)
