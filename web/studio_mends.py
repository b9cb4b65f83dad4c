"""What would put a problem right with one click: proposals that the editor applies, which can undo them."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Final

from sqlalchemy.orm import Session

from engine import drafts, feel, setup
from engine.diagram import Diagram, Element, Flow
from engine.ingest import Problem
from engine.models import DefinitionDraft
from web import studio_parts
from web.i18n import gettext as _
from web.i18n import pick

Mend = Mapping[str, object]
_SPOKEN_LENGTH: Final = re.compile(
    r"\s*(?P<count>\d{1,4})\s*(?P<unit>ngày|day|days|d|tuần|week|weeks|giờ|hour|hours|h|phút|minute|minutes)\s*",
    re.IGNORECASE,
)
_LENGTHS: Final = {"n": "P{}D", "d": "P{}D", "t": "P{}W", "w": "P{}W", "g": "PT{}H", "h": "PT{}H"}
_CLOSERS: Final = (")", "]", "}", '"', '")', "))")


class Mends:
    """Finds mends for the problems of one draft."""

    def __init__(self, session: Session, draft: DefinitionDraft) -> None:
        files = drafts.files_of(draft)
        self._diagrams = studio_parts.diagrams_of(files)
        self._forms = studio_parts.forms_of(files)
        self._roles = setup.of(session).roles
        self._flows_used: Counter[str] = Counter()

    def find(self, problem: Problem) -> Mend | None:
        """Return a proposal; None where a person has to think."""
        diagram = self._diagrams.get(problem.file)
        propose = _PROPOSALS.get(problem.code)
        if diagram is None or propose is None or problem.element_id is None:
            return None
        spot = diagram.elements.get(problem.element_id) or diagram.flows.get(problem.element_id)
        return None if spot is None else propose(self, diagram, spot)

    def default_flow(self, diagram: Diagram, spot: Element | Flow) -> Mend | None:
        """Make a flow without a condition the default of its gateway, which has none."""
        if not isinstance(spot, Element) or spot.default_flow is not None:
            return None
        bare = [one for one in spot.outgoing if diagram.flows[one].condition is None]
        if len(bare) != 1:
            return None
        return _mend("default_flow", _("Đặt làm nhánh mặc định"), gateway_id=spot.id, flow_id=bare[0])

    def drop_condition(self, _diagram: Diagram, spot: Element | Flow) -> Mend | None:
        """Take away a condition that nobody looks at."""
        if not isinstance(spot, Flow):
            return None
        return _mend("set_condition", _("Bỏ điều kiện"), flow_id=spot.id, value="")

    def condition(self, _diagram: Diagram, spot: Element | Flow) -> Mend | None:
        """Complete a condition that lacks its sign or its closing bracket."""
        if not isinstance(spot, Flow) or spot.condition is None:
            return None
        value = _completed(spot.condition)
        if value is None:
            return None
        return _mend("set_condition", _("Sửa thành %(value)s", value=value), flow_id=spot.id, value=value)

    def timer(self, _diagram: Diagram, spot: Element | Flow) -> Mend | None:
        """Write a length of time as timers have it."""
        if not isinstance(spot, Element) or spot.event is None:
            return None
        found = _SPOKEN_LENGTH.fullmatch(spot.event.timer)
        if found is None:
            return None
        unit = found["unit"].lower()
        value = (_LENGTHS[unit[0]] if unit != "phút" and unit[0] != "m" else "PT{}M").format(found["count"])
        return _mend("set_timer", _("Ghi là %(value)s", value=value), element_id=spot.id, value=value)

    def form(self, _diagram: Diagram, spot: Element | Flow) -> Mend | None:
        """Propose the form that bears the name of the task, or nearly that of what is missing."""
        if not isinstance(spot, Element):
            return None
        wanted = [spot.id, *([spot.form_id] if spot.form_id else [])]
        ids = [one.id for one in self._forms]
        close = [match for name in wanted for match in get_close_matches(name, ids, n=1, cutoff=0.8)]
        if not close:
            return None
        return _mend("set_form", _("Dùng biểu mẫu %(id)s", id=close[0]), element_id=spot.id, form_id=close[0])

    def group(self, diagram: Diagram, spot: Element | Flow) -> Mend | None:
        """Propose whom the other tasks of the lane are given to, or the role that is meant by a slip."""
        if not isinstance(spot, Element):
            return None
        code = self._near_role(spot.candidate_groups or "") or self._group_of_lane(diagram, spot)
        if not code:
            return None
        role = self._roles.get(code.partition("@")[0])
        name = pick(role.name_vi, role.name_en) if role else code
        return _mend("set_group", _("Giao cho %(name)s", name=name), element_id=spot.id, group=code)

    def page(self, _diagram: Diagram, spot: Element | Flow) -> Mend | None:
        """Remind as everywhere else."""
        label = _("Nhắc như thường lệ")
        return _mend("set_property", label, element_id=spot.id, name="reminders", value="")

    def remove(self, _diagram: Diagram, spot: Element | Flow) -> Mend | None:
        """Take away what never runs."""
        return _mend("remove", _("Xóa phần tử này"), element_id=spot.id)

    def _near_role(self, group: str) -> str | None:
        if not group or group.startswith("=") or group in self._roles:
            return None
        return next(iter(get_close_matches(group, list(self._roles), n=1, cutoff=0.75)), None)

    def _group_of_lane(self, diagram: Diagram, task: Element) -> str | None:
        groups = Counter(
            other.candidate_groups
            for other in diagram.elements.values()
            if other.lane and other.lane == task.lane and other.candidate_groups
        )
        return groups.most_common(1)[0][0] if groups else None


def _completed(condition: str) -> str | None:
    """Return the condition with what it lacks at either end; None where that would not be an expression."""
    body = condition.removeprefix("=")
    for closer in ("", *_CLOSERS):
        try:
            feel.parse(body + closer)
        except feel.FeelSyntaxError:
            continue
        return f"={body}{closer}" if f"={body}{closer}" != condition else None
    return None


def _mend(kind: str, label: str, **values: str) -> Mend:
    return {"kind": kind, "label": label, "values": values}


_PROPOSALS: Final[Mapping[str, Callable[[Mends, Diagram, Element | Flow], Mend | None]]] = {
    "condition_missing": Mends.default_flow,
    "default_condition": Mends.drop_condition,
    "condition_not_here": Mends.drop_condition,
    "feel_missing_equals": Mends.condition,
    "feel_syntax": Mends.condition,
    "timer_malformed": Mends.timer,
    "form_none": Mends.form,
    "form_missing": Mends.form,
    "assignment_missing": Mends.group,
    "role_unknown": Mends.group,
    "reminders_malformed": Mends.page,
    "no_incoming": Mends.remove,
    "unreachable": Mends.remove,
}
