"""Checks that what must not be left out is not: steps that are mandatory, and what may only come after them.

A step says so by the property ``mandatory`` with the value ``yes``; an element that only they may lead to (an
end, the step that issues) names them in ``requires``. A version must keep what the one before it promised.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.diagram import Diagram, Element
from engine.ingest.guaranteed import Guaranteed
from engine.ingest.problems import Mend, Problem
from engine.ingest.reader import read_diagram
from engine.ingest.report import Report
from engine.ingest.ways import Ways
from engine.ingest.xml import XmlRefusedError

MANDATORY: Final = "mandatory"
REQUIRES: Final = "requires"
_YES: Final = "yes"
_LONGEST_WAY: Final = 12


def is_mandatory(element: Element) -> bool:
    """Whether no version may leave the step out."""
    return element.properties.get(MANDATORY) == _YES


def required_by(element: Element) -> list[str]:
    """Return the ids of the elements without which no token may come to this one."""
    return element.listed(REQUIRES)


def check_safeguards(ways: Ways, report: Report) -> None:
    """Report ways that lead to an element past what it requires, each with the way in words."""
    elements = ways.diagram.elements
    for element in elements.values():
        if element.properties.get(MANDATORY, _YES) != _YES:
            report.add("mandatory_malformed", element, value=element.properties[MANDATORY])
        for required in required_by(element):
            if required == element.id or not _is_in_process(elements.get(required), element):
                report.add("required_missing", element, value=required)
    guarded = [element for element in elements.values() if required_by(element)]
    if guarded:
        _check_bypasses(guarded, ways, report)


def _is_in_process(required: Element | None, element: Element) -> bool:
    return required is not None and required.process_id == element.process_id


def _check_bypasses(guarded: list[Element], ways: Ways, report: Report) -> None:
    elements = ways.diagram.elements
    names = sorted({one for element in guarded for one in required_by(element)})
    bits = {name: 1 << number for number, name in enumerate(names)}
    certain = Guaranteed(ways, bits, inside={})
    for element in guarded:
        for required in required_by(element):
            missed = elements.get(required)
            if missed is None or certain.before[element.id] & bits[required]:
                continue
            way = certain.way_without(bits[required], element)
            report.add(
                "step_bypassed",
                element,
                value=missed.label("vi"),
                value_en=missed.label("en"),
                way=_spoken(way, "vi"),
                way_en=_spoken(way, "en"),
            )


def _spoken(way: list[Element], language: str) -> str:
    """Return the elements of a way as people read it; of a long one the middle is left out."""
    words = [element.label(language) for element in way]
    if len(words) > _LONGEST_WAY:
        words = [*words[: _LONGEST_WAY // 2], "…", *words[-_LONGEST_WAY // 2 :]]
    return " → ".join(words)


@dataclass(frozen=True)
class _Place:
    """An element in one of the files that are compared."""

    file: str
    element: Element


def lost_safeguards(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[Problem]:
    """Return what the files ``new`` no longer promise that the files ``old`` did, as errors.

    Lost is a mandatory step or a guarded element that is gone, or has become another kind of element; a
    property that was taken away; an action of a guarded element that an unguarded one calls. That a mandatory
    step is given to somebody else is noted. Diagrams that cannot be read count for nothing.
    """
    before, after = _places(old), _places(new)
    reports = {name: Report(name) for name in (*new, *old)}
    for element_id, place in before.items():
        now = after.get(element_id)
        if is_mandatory(place.element):
            _compare_step(place, now, reports)
        if required_by(place.element):
            _compare_guard(place, now, before, reports)
    for place in after.values():
        _check_actions(place, before, reports)
    return [problem for report in reports.values() for problem in report.problems]


def _places(files: Mapping[str, bytes]) -> dict[str, _Place]:
    found: dict[str, _Place] = {}
    for diagram in _diagrams(files):
        found |= {element.id: _Place(diagram.file, element) for element in diagram.elements.values()}
    return found


def _diagrams(files: Mapping[str, bytes]) -> Iterator[Diagram]:
    for name, content in files.items():
        if name.endswith(".bpmn"):
            try:
                yield read_diagram(name, content)
            except XmlRefusedError:
                continue


def _compare_step(old: _Place, new: _Place | None, reports: Mapping[str, Report]) -> None:
    words = {"value": old.element.label("vi"), "value_en": old.element.label("en")}
    if new is None:
        reports[old.file].add("mandatory_removed", None, **words)
        return
    report, spot = reports[new.file], new.element
    if not is_mandatory(spot):
        report.add_mended("mandatory_unmarked", spot, _property(spot, MANDATORY, _YES), **words)
    if spot.kind != old.element.kind or (spot.loop is not None and old.element.loop is None):
        report.add("mandatory_changed", spot, **words)
    elif _assignment(spot) != _assignment(old.element):
        report.add("mandatory_reassigned", spot, old=_group(old.element), new=_group(spot), **words)


def _assignment(element: Element) -> tuple[str | None, str | None]:
    return element.candidate_groups, element.assignee


def _group(element: Element) -> str:
    return element.candidate_groups or element.assignee or "–"


def _compare_guard(
    old: _Place, new: _Place | None, before: Mapping[str, _Place], reports: Mapping[str, Report]
) -> None:
    if new is None:
        words = {"value": old.element.label("vi"), "value_en": old.element.label("en")}
        reports[old.file].add("guard_removed", None, **words)
        return
    kept = required_by(new.element)
    lost = [one for one in required_by(old.element) if one not in kept]
    if lost:
        mend = _property(new.element, REQUIRES, ", ".join([*kept, *lost]))
        reports[new.file].add_mended("guard_loosened", new.element, mend, **_labels(lost, before))


def _check_actions(place: _Place, before: Mapping[str, _Place], reports: Mapping[str, Report]) -> None:
    """Report a step that does what only a guarded one did, without its guard."""
    action = place.element.action
    if action is None or place.element.id in before:
        return
    guards = [set(required_by(one.element)) for one in before.values() if one.element.action == action]
    if not guards:
        return
    lacking = guards[0].intersection(*guards[1:]) - set(required_by(place.element))
    if lacking:
        named = [*required_by(place.element), *sorted(lacking)]
        mend = _property(place.element, REQUIRES, ", ".join(named))
        words = _labels(sorted(lacking), before)
        reports[place.file].add_mended("guard_evaded", place.element, mend, **words)


def _labels(ids: list[str], places: Mapping[str, _Place]) -> dict[str, str]:
    """Return the names of elements in both languages."""
    found = [places[one].element for one in ids if one in places]
    return {
        "value": ", ".join(one.label("vi") for one in found),
        "value_en": ", ".join(one.label("en") for one in found),
    }


def _property(element: Element, name: str, value: str) -> Mend:
    return Mend("set_property", {"element_id": element.id, "name": name, "value": value})
