"""Finds what would put a problem right with one change, where that change is beyond doubt."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from engine import feel
from engine.diagram import Element, Flow
from engine.ingest.domains import Domain, Path
from engine.ingest.gateways import missed_option, unquoted_words
from engine.ingest.problems import Mend, Problem
from engine.ingest.report import Report
from engine.ingest.safeguards import MANDATORY, required_by
from engine.ingest.variables import Known, nearest, read_names
from engine.ingest.ways import Ways

_SPOKEN_LENGTH: Final = re.compile(
    r"\s*(?P<count>\d{1,4})\s*(?P<unit>ngày|days?|d|tuần|weeks?|giờ|hours?|h|phút|minutes?)\s*", re.IGNORECASE
)
_LENGTHS: Final = {"n": "P{}D", "d": "P{}D", "t": "P{}W", "w": "P{}W", "g": "PT{}H", "h": "PT{}H"}
_MINUTES: Final = "PT{}M"
_CLOSERS: Final = ("", ")", "]", "}", '"', '")', "))")
_ALMOST: Final = 0.8
_YES: Final = frozenset({"true", "1", "y", "có", "co", "bắt buộc"})


@dataclass(frozen=True)
class Offer:
    """What may be named in the place of what is wrong."""

    forms: Collection[str]
    roles: Collection[str]
    domains: Mapping[Path, Domain]
    known: Known


def add_mends(report: Report, ways: Ways, offer: Offer) -> None:
    """Give each problem of a diagram its mend, where there is one."""
    finder = _Finder(ways, offer)
    report.problems[:] = [finder.mended(problem) for problem in report.problems]


class _Finder:
    def __init__(self, ways: Ways, offer: Offer) -> None:
        self.diagram = ways.diagram
        self.ways = ways
        self.offer = offer

    def mended(self, problem: Problem) -> Problem:
        """Return the problem with its mend, if it has none and one is known."""
        propose = _PROPOSALS.get(problem.code)
        spot = self._spot(problem.element_id or "")
        if propose is None or spot is None or problem.mend is not None:
            return problem
        return replace(problem, mend=propose(self, spot))

    def _spot(self, element_id: str) -> Element | Flow | None:
        return self.diagram.elements.get(element_id) or self.diagram.flows.get(element_id)

    def bare_default(self, spot: Element | Flow) -> Mend | None:
        """Make the one flow without a condition the default."""
        if not isinstance(spot, Element) or spot.default_flow is not None:
            return None
        bare = [one for one in spot.outgoing if self.diagram.flows[one].condition is None]
        return Mend("default_flow", {"gateway_id": spot.id, "flow_id": bare[0]}) if len(bare) == 1 else None

    def careful_default(self, spot: Element | Flow) -> Mend | None:
        """Make the flow the default that commits to least: one that leads back, else the last drawn.

        One from which something is reached that asks for mandatory steps is never proposed beside others.
        """
        if not isinstance(spot, Element) or spot.default_flow is not None or not spot.outgoing:
            return None
        ways = self.ways
        flows = [self.diagram.flows[one] for one in spot.outgoing]
        reached = {flow.id: ways.reach([flow.target_id]) for flow in flows}
        back = [flow for flow in flows if spot.id in reached[flow.id]]
        guarded = {one.id for one in self.diagram.elements.values() if required_by(one)}
        harmless = [flow for flow in flows if not reached[flow.id] & guarded]
        chosen = (back if len(back) < len(flows) else []) or harmless or flows
        return Mend("default_flow", {"gateway_id": spot.id, "flow_id": chosen[-1].id})

    def no_condition(self, spot: Element | Flow) -> Mend | None:
        """Take away a condition that nobody looks at."""
        return _condition(spot, "") if isinstance(spot, Flow) else None

    def completed_condition(self, spot: Element | Flow) -> Mend | None:
        """Add the sign or the closing bracket that a condition lacks."""
        if not isinstance(spot, Flow) or spot.condition is None:
            return None
        body = spot.condition.removeprefix("=")
        whole = next((f"={body}{closer}" for closer in _CLOSERS if _is_feel(body + closer)), spot.condition)
        words = unquoted_words(whole, self.offer.domains, self.offer.known)
        whole = _quoted(whole, words)
        return _condition(spot, whole) if whole != spot.condition else None

    def quoted_words(self, spot: Element | Flow) -> Mend | None:
        """Put the options of a form that stand bare in a condition into quotation marks."""
        if not isinstance(spot, Flow) or spot.condition is None:
            return None
        words = unquoted_words(spot.condition, self.offer.domains, self.offer.known)
        whole = _quoted(spot.condition, words)
        is_done = not unquoted_words(whole, self.offer.domains, self.offer.known)
        return _condition(spot, whole) if is_done else None

    def near_option(self, spot: Element | Flow) -> Mend | None:
        """Write the option that is meant by a slip."""
        missed = missed_option(spot, self.offer.domains) if isinstance(spot, Flow) else None
        if not isinstance(spot, Flow) or spot.condition is None or missed is None:
            return None
        value, domain = missed
        options = [one for one in domain.values or () if isinstance(one, str)]
        close = get_close_matches(value, options, n=1, cutoff=_ALMOST)
        return _condition(spot, spot.condition.replace(f'"{value}"', f'"{close[0]}"')) if close else None

    def near_variable(self, spot: Element | Flow) -> Mend | None:
        """Write the variable that is meant by a slip, where only one is."""
        if not isinstance(spot, Flow) or spot.condition is None:
            return None
        names = sorted(self.offer.known.names)
        for name in sorted(read_names(spot.condition) - self.offer.known.names):
            close = get_close_matches(name, names, n=2, cutoff=_ALMOST)
            if len(close) == 1:
                return _condition(spot, re.sub(rf"\b{re.escape(name)}\b", close[0], spot.condition))
        return None

    def timer(self, spot: Element | Flow) -> Mend | None:
        """Write a spoken length of time as timers have it."""
        if not isinstance(spot, Element) or spot.event is None:
            return None
        found = _SPOKEN_LENGTH.fullmatch(spot.event.timer)
        if found is None:
            return None
        unit = found["unit"].lower()
        shape = _MINUTES if unit == "phút" or unit[0] == "m" else _LENGTHS[unit[0]]
        return Mend("set_timer", {"element_id": spot.id, "value": shape.format(found["count"])})

    def form(self, spot: Element | Flow) -> Mend | None:
        """Use the form that bears the name of the task, or nearly that of the one that is missing."""
        if not isinstance(spot, Element):
            return None
        for wanted in filter(None, (spot.form_id, spot.id)):
            close = get_close_matches(wanted, list(self.offer.forms), n=1, cutoff=_ALMOST)
            if close:
                return Mend("set_form", {"element_id": spot.id, "form_id": close[0]})
        return None

    def group(self, spot: Element | Flow) -> Mend | None:
        """Give the task to the role that is meant by a slip, or to whom the lane's other tasks are given."""
        if not isinstance(spot, Element):
            return None
        wrong = spot.candidate_groups or ""
        is_plain = bool(wrong) and not wrong.startswith("=") and wrong not in self.offer.roles
        group = (nearest(wrong, self.offer.roles) if is_plain else None) or self._group_of_lane(spot)
        return Mend("set_group", {"element_id": spot.id, "group": group}) if group else None

    def _group_of_lane(self, task: Element) -> str | None:
        groups = Counter(
            other.candidate_groups
            for other in self.diagram.elements.values()
            if other.lane and other.lane == task.lane and other.candidate_groups and other.id != task.id
        )
        return next(iter(groups), None) if len(groups) == 1 else None

    def usual_reminders(self, spot: Element | Flow) -> Mend | None:
        """Remind as everywhere else."""
        return _property(spot, "reminders", "")

    def mandatory(self, spot: Element | Flow) -> Mend | None:
        """Write the one value that ``mandatory`` has, where another word for it stands."""
        value = spot.properties.get(MANDATORY, "") if isinstance(spot, Element) else ""
        return _property(spot, MANDATORY, "yes") if value.strip().lower() in _YES else None

    def name(self, spot: Element | Flow) -> Mend | None:
        """Let the editor ask for a name."""
        return Mend("name_element", {"element_id": spot.id})

    def remove(self, spot: Element | Flow) -> Mend | None:
        """Take away what never runs, unless no version may leave it out."""
        is_kept = isinstance(spot, Element) and (MANDATORY in spot.properties or bool(required_by(spot)))
        return None if is_kept else Mend("remove", {"element_id": spot.id})


def _condition(flow: Flow, value: str) -> Mend:
    return Mend("set_condition", {"flow_id": flow.id, "value": value})


def _property(spot: Element | Flow, name: str, value: str) -> Mend:
    return Mend("set_property", {"element_id": spot.id, "name": name, "value": value})


def _is_feel(text: str) -> bool:
    try:
        feel.parse(text)
    except feel.FeelSyntaxError:
        return False
    return True


def _quoted(condition: str, words: list[str]) -> str:
    """Return the condition with these words in quotation marks, where they do not stand in some already."""
    parts = condition.split('"')
    for word in set(words):
        shape = re.compile(rf"\b{re.escape(word)}\b")
        parts[::2] = [shape.sub(f"\0{word}\0", part) for part in parts[::2]]
    return '"'.join(parts).replace("\0", '"')


_PROPOSALS: Final[Mapping[str, Callable[[_Finder, Element | Flow], Mend | None]]] = {
    "condition_missing": _Finder.bare_default,
    "gateway_gap": _Finder.careful_default,
    "gateway_gap_possible": _Finder.careful_default,
    "default_missing": _Finder.careful_default,
    "default_condition": _Finder.no_condition,
    "condition_not_here": _Finder.no_condition,
    "feel_missing_equals": _Finder.completed_condition,
    "feel_syntax": _Finder.completed_condition,
    "word_unquoted": _Finder.quoted_words,
    "option_missing": _Finder.near_option,
    "variable_unset_near": _Finder.near_variable,
    "timer_malformed": _Finder.timer,
    "form_none": _Finder.form,
    "form_missing": _Finder.form,
    "assignment_missing": _Finder.group,
    "role_unknown": _Finder.group,
    "reminders_malformed": _Finder.usual_reminders,
    "mandatory_malformed": _Finder.mandatory,
    "name_missing": _Finder.name,
    "no_incoming": _Finder.remove,
    "unreachable": _Finder.remove,
}
