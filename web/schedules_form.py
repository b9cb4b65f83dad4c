"""Reads the form of a schedule: what was typed, turned into terms, with all that is wrong by field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from sqlalchemy.orm import Session
from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from engine import clock, schedules
from engine.feel import Value
from engine.forms.model import Option
from engine.models import START_OF_WORK, Schedule, Shift
from engine.people import local_day
from engine.schedules import CRON, Needs, Problem, Rhythm, StartVariable, Terms
from web import formats
from web.i18n import gettext as _
from web.schedules_words import problem_words

Typed = MultiDict[str, str] | ImmutableMultiDict[str, str]
NO_UNIT, OF_KIND, CHOSEN = "none", "kind", "chosen"
"""How units are chosen."""
_LONGEST_TEXT = 2000
_INPUTS = {"kind": "rhythm", "unit_codes": "units", "unit_kind": "units"}
"""Fields of terms whose input is called otherwise."""
_ORDER = ("key", "name", "", "rhythm", "cron", "first_on", "ends_on", "starts_at", "shift", "units")
"""The inputs as the page has them; start variables stand in the place of the empty name."""


@dataclass
class Reading:
    """What was typed, and the terms it makes; ``wrong`` has the sentence for each input that is not right."""

    terms: Terms
    wrong: dict[str, str] = field(default_factory=dict[str, str])

    def judge(self, session: Session, *, kept: Terms | None, now: datetime) -> None:
        """Add what the engine finds wrong, where nothing was unreadable."""
        self.add(schedules.problems_of(session, self.terms, now=now, kept=kept))

    @property
    def told(self) -> dict[str, str]:
        """What is wrong, in the order of the page."""
        return dict(sorted(self.wrong.items(), key=lambda item: _place(item[0])))

    def add(self, problems: list[Problem]) -> None:
        """Add problems at their inputs; what could not be read at all stays told as such."""
        is_day_unread = not self.wrong.keys().isdisjoint({"first_on", "ends_on"})
        for one in problems:
            if one.code == "never" and is_day_unread:
                continue
            name = _INPUTS.get(one.where, one.where.replace("variables.", "variable-"))
            self.wrong.setdefault(name, problem_words(one))


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else _ORDER.index("rhythm") - 1


def read(typed: Typed, key: str, needs: Needs | None) -> Reading:
    """Return what a request wants; what cannot be read stands in its ``wrong``."""
    wrong: dict[str, str] = {}
    rhythm = _read_rhythm(typed, wrong)
    mode = typed.get("unit_mode", NO_UNIT)
    variables: dict[str, Value] = {}
    for one in needs.variables if needs is not None else ():
        value = _read_variable(one, typed.get(f"variable-{one.name}", "").strip(), wrong)
        if value is not None:
            variables[one.name] = value
    terms = Terms(
        key=key,
        name=typed.get("name", "").strip(),
        rhythm=rhythm,
        name_en=typed.get("name_en", "").strip(),
        unit_codes=tuple(dict.fromkeys(typed.getlist("unit"))) if mode == CHOSEN else (),
        unit_kind=typed.get("unit_kind", "") if mode == OF_KIND else "",
        variables=variables,
    )
    if mode == CHOSEN and not terms.unit_codes:
        wrong["units"] = _("Chọn ít nhất một đơn vị, hoặc chọn cách khác.")
    return Reading(terms, wrong)


def typed_of(schedule: Schedule) -> Typed:
    """Return the form as it is filled in for a schedule that is to be changed."""
    typed: MultiDict[str, str] = MultiDict(
        {
            "name": schedule.name,
            "name_en": schedule.name_en,
            "rhythm": schedule.rhythm,
            "cron": schedule.cron,
            "first_on": formats.day(schedule.first_on),
            "ends_on": formats.day(schedule.ends_on),
            "starts_at": f"{schedule.starts_at:%H:%M}",
            "shift": schedule.shift.value,
            "unit_mode": OF_KIND if schedule.unit_kind else CHOSEN if schedule.unit_codes else NO_UNIT,
            "unit_kind": schedule.unit_kind,
            "revision": str(schedule.revision),
        }
    )
    typed.setlist("unit", list(schedule.unit_codes))
    for name, value in schedules.variables_of(schedule).items():
        typed[f"variable-{name}"] = value_words(value)
    return typed


def first_typed(needs: Needs) -> Typed:
    """Return the form as it stands before anything is typed."""
    return MultiDict(
        {
            "rhythm": "quarterly",
            "starts_at": f"{START_OF_WORK:%H:%M}",
            "shift": Shift.FORWARD.value,
            "unit_mode": CHOSEN if needs.unit else NO_UNIT,
        }
    )


def value_words(value: Value) -> str:
    """Write a start variable as its input shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return formats.day(value)
    return "" if value is None else str(value)


def _read_rhythm(typed: Typed, wrong: dict[str, str]) -> Rhythm:
    kind = typed.get("rhythm", "")
    first_on = _read_day(typed, "first_on", wrong)
    if first_on is None and "first_on" not in wrong:
        wrong["first_on"] = _("Ghi ngày đầu tiên, dạng 30/11/2026.")
    shift = typed.get("shift", "")
    if shift not in {one.value for one in Shift}:
        wrong["shift"] = _("Chọn một cách trong danh sách.")
    return Rhythm(
        kind=kind,
        first_on=first_on or local_day(clock.now()),
        ends_on=_read_day(typed, "ends_on", wrong) if kind != "once" else None,
        cron=typed.get("cron", "").strip() if kind == CRON else "",
        starts_at=START_OF_WORK if kind == CRON else _read_time(typed, wrong),
        shift=Shift(shift) if "shift" not in wrong else Shift.FORWARD,
    )


def _read_day(typed: Typed, name: str, wrong: dict[str, str]) -> date | None:
    text = typed.get(name, "").strip()
    try:
        return formats.read_day(text) if text else None
    except ValueError:
        wrong[name] = _("Không đọc được ngày này. Ghi dạng 30/11/2026.")
        return None


def _read_time(typed: Typed, wrong: dict[str, str]) -> time:
    try:
        return datetime.strptime(typed.get("starts_at", "").strip(), "%H:%M").time()  # noqa: DTZ007  # a time of day
    except ValueError:
        wrong["starts_at"] = _("Không đọc được giờ này. Ghi dạng 07:30.")
        return START_OF_WORK


def _read_variable(variable: StartVariable, text: str, wrong: dict[str, str]) -> Value:
    if not text:
        return None
    try:
        return _READERS[variable.kind](variable, text)
    except ValueError as error:
        wrong[f"variable-{variable.name}"] = str(error)
        return None


def _read_text(_variable: StartVariable, text: str) -> Value:
    if len(text) > _LONGEST_TEXT:
        raise ValueError(_("Dài quá %(limit)s chữ. Viết ngắn hơn.", limit=_LONGEST_TEXT))
    return text.replace("\0", "")


def _read_number(_variable: StartVariable, text: str) -> Value:
    try:
        number = Decimal(text.replace(",", "."))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.adjusted() > 15:  # noqa: PLR2004  # no number here is longer
        raise ValueError(_("Ghi một số, ví dụ 10."))
    return number


def _read_date(_variable: StartVariable, text: str) -> Value:
    try:
        return formats.read_day(text)
    except ValueError:
        raise ValueError(_("Không đọc được ngày này. Ghi dạng 30/11/2026.")) from None


def _read_yes_no(_variable: StartVariable, text: str) -> Value:
    return text == "true"


def _read_choice(variable: StartVariable, text: str) -> Value:
    chosen: Option | None = next((one for one in variable.options if one.token == text), None)
    if chosen is None:
        raise ValueError(_("Chọn một mục trong danh sách."))
    return chosen.value


_READERS: Mapping[str, Callable[[StartVariable, str], Value]] = {
    "text": _read_text,
    "number": _read_number,
    "date": _read_date,
    "yes_no": _read_yes_no,
    "choice": _read_choice,
}
