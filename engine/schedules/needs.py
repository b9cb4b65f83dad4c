"""What a process must be told when a schedule starts it, as its diagram and its forms say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from sqlalchemy.orm import Session

from engine import definitions
from engine.definitions import CACHED_VERSIONS
from engine.diagram import Diagram, Element
from engine.digest_cache import DigestCache
from engine.forms import parse_schema
from engine.forms.model import Component, Option, Words
from engine.ingest.variables import BRINGS, MAY_BRING, STARTED_BY, Known, read_names
from engine.models import DefinitionVersion

UNIT_CODE: Final = "unit_code"
GIVEN: Final = frozenset({UNIT_CODE, "scheduled_on", "starter"})
"""What every start of a schedule brings of itself: the unit, the day, who set the schedule up."""
ValueKind = Literal["text", "number", "date", "yes_no", "choice"]
_KINDS: Final[Mapping[str, ValueKind]] = {
    "textfield": "text",
    "textarea": "text",
    "number": "number",
    "datetime": "date",
    "checkbox": "yes_no",
}
_SUFFIXES: Final[Mapping[str, ValueKind]] = {
    "_on": "date",
    "_days": "number",
    "_id": "number",
    "_count": "number",
    "year": "number",
}


@dataclass(frozen=True)
class StartVariable:
    """A variable somebody gives when he sets the schedule up."""

    name: str
    kind: ValueKind
    is_needed: bool
    label: Words = field(default_factory=Words)
    """What a form of the process calls it; empty where none asks for it."""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Needs:
    """What a version asks of a schedule."""

    has_plain_start: bool
    unit: bool
    """Whether each start must be for a unit."""
    variables: tuple[StartVariable, ...] = ()


def needs_of(session: Session, version: DefinitionVersion) -> Needs:
    """Return what a published version asks of a schedule.

    Needed is what a start without an event ``brings``, and, where no file leaves open what is set, whatever
    is read and never set; optional is what it ``may_bring``.
    """
    return _needs.get(version.sha256, lambda: _read(session, version))


def _read(session: Session, version: DefinitionVersion) -> Needs:
    diagrams = definitions.program_of(session, version.id).diagrams.values()
    starts = [one for diagram in diagrams for one in _plain_starts(diagram, version.key)]
    forms = [
        parse_schema(text) for name, text in definitions.files_of(version).items() if name.endswith(".form")
    ]
    known = Known.of(diagrams, {form.id: form for form in forms})
    read = _read_names(diagrams)
    missing = [name for name in read if name not in known.names]
    needed = [name for start in starts for name in start.listed(BRINGS)]
    optional = [name for start in starts for name in start.listed(MAY_BRING)]
    fields = {component.key: component for form in forms for component in form.all_components}
    wanted = dict.fromkeys([*needed, *_certainly(missing, diagrams, known), *optional])
    return Needs(
        has_plain_start=bool(starts),
        unit=UNIT_CODE in {*needed, *missing} or (UNIT_CODE in read and any(map(_is_begun, starts))),
        variables=tuple(
            _variable(name, name not in optional, fields.get(name)) for name in wanted if name not in GIVEN
        ),
    )


def _plain_starts(diagram: Diagram, key: str) -> Iterator[Element]:
    for element in diagram.elements.values():
        is_plain = element.event is None or element.event.kind == "none"
        if element.kind == "startEvent" and element.scope_id == key and is_plain:
            yield element


def _is_begun(start: Element) -> bool:
    """Whether people begin it too, who bring the unit they act for; where it is read, a schedule must."""
    return bool(start.listed(STARTED_BY))


def _read_names(diagrams: Iterable[Diagram]) -> list[str]:
    """Return what is read somewhere, in the order of the files."""
    read: list[str] = []
    for diagram in diagrams:
        texts = [text for element in diagram.elements.values() for text in _texts(element)]
        texts += [flow.condition for flow in diagram.flows.values()]
        read += [name for text in texts for name in sorted(read_names(text))]
    return list(dict.fromkeys(read))


def _certainly(missing: list[str], diagrams: Iterable[Diagram], known: Known) -> list[str]:
    """Return what is missing for certain: an action or another process might set it unseen."""
    elements = [element for diagram in diagrams for element in diagram.elements.values()]
    return [] if any(known.set_by(element).is_open for element in elements) else missing


def _texts(element: Element) -> Iterator[str | None]:
    """Give the expressions of an element that a start must make readable."""
    event, loop = element.event, element.loop
    yield from (element.candidate_groups, element.assignee, element.due_date, element.follow_up_date)
    yield from (mapping.source for mapping in element.inputs)
    if event is not None:
        yield from (event.timer, event.correlation_key)
    if loop is not None:
        yield loop.input_collection


def _variable(name: str, is_needed: bool, asked: Component | None) -> StartVariable:
    if asked is None:
        return StartVariable(name, _kind_by_name(name), is_needed)
    options = asked.options.fixed if asked.options is not None else ()
    kind: ValueKind = "choice" if options else _KINDS.get(asked.kind) or _kind_by_name(name)
    return StartVariable(name, kind, is_needed, asked.label, options)


def _kind_by_name(name: str) -> ValueKind:
    """Guess by how variables are called here: a day ends in ``_on``, a number in its unit."""
    for suffix, kind in _SUFFIXES.items():
        if name.endswith(suffix):
            return kind
    return "text"


_needs: DigestCache[Needs] = DigestCache(CACHED_VERSIONS)
