"""Says in words when a schedule starts, for whom, and what stands in its way."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.models import Schedule, Shift
from engine.schedules import CRON, ComingStart, Problem, Rhythm, StartVariable, read_cron
from engine.schedules.cron import LAST_DAY, LAST_WEEKDAY, CronLine
from web import formats
from web.i18n import gettext as _
from web.i18n import language, ngettext
from web.people_words import kind_names

LAST_SAFE_DAY = 28
"""The last day that every month has."""


def rhythm_names() -> dict[str, str]:
    """Return what the rhythms are called, in the order of a choice."""
    return {
        "once": _("Một lần"),
        "monthly": _("Hằng tháng"),
        "quarterly": _("Hằng quý"),
        "half_yearly": _("Sáu tháng một lần"),
        "yearly": _("Hằng năm"),
        CRON: _("Theo dòng cron"),
    }


def shift_names() -> dict[str, str]:
    """Return what becomes of an occurrence on a day off."""
    return {
        Shift.FORWARD.value: _("lùi sang ngày làm việc kế tiếp"),
        Shift.BACKWARD.value: _("đưa lên ngày làm việc trước đó"),
        Shift.NONE.value: _("giữ nguyên ngày nghỉ đó"),
    }


def rhythm_words(rhythm: Rhythm) -> str:
    """Say "Ngày 05 hằng quý, từ 05/01/2027; lúc 07:30; nếu trùng ngày nghỉ thì ..."."""
    rhythm = rhythm.settled()
    starts_at = rhythm.starts_at.strftime("%H:%M")
    phrases = [_days(rhythm), _("lúc %(time)s", time=starts_at)]
    if rhythm.ends_on is not None:
        phrases.append(_("đến hết ngày %(day)s", day=formats.day(rhythm.ends_on)))
    if rhythm.shift is Shift.FORWARD:
        phrases.append(_("nếu trùng ngày nghỉ thì lùi sang ngày làm việc kế tiếp"))
    elif rhythm.shift is Shift.BACKWARD:
        phrases.append(_("nếu trùng ngày nghỉ thì đưa lên ngày làm việc trước đó"))
    return "; ".join(phrases)


def _days(rhythm: Rhythm) -> str:
    first = rhythm.first_on
    facts = {"n": f"{first:%d}", "month": f"{first:%m}", "first": formats.day(first)}
    if rhythm.kind == CRON:
        return _("%(days)s, từ %(first)s", days=cron_words(read_cron(rhythm.cron)), first=facts["first"])
    if first.day > LAST_SAFE_DAY and rhythm.kind in {"monthly", "quarterly", "half_yearly"}:
        facts["n"] = _("%(n)s (tháng thiếu ngày thì lấy ngày cuối tháng)", n=facts["n"])
    match rhythm.kind:
        case "once":
            return _("Một lần, ngày %(first)s", **facts)
        case "monthly":
            return _("Ngày %(n)s hằng tháng, từ %(first)s", **facts)
        case "quarterly":
            return _("Ngày %(n)s hằng quý, từ %(first)s", **facts)
        case "half_yearly":
            return _("Ngày %(n)s, sáu tháng một lần, từ %(first)s", **facts)
        case _yearly:
            return _("Ngày %(n)s tháng %(month)s hằng năm, từ %(first)s", **facts)


def cron_words(line: CronLine) -> str:
    """Say on which days a line runs: "Ngày 1 và 15 của tháng 1, 4, 7, 10"."""
    days, weekdays = _listed(map(_day_of_month, line.days)), _listed(map(_weekday, line.weekdays))
    if line.days and line.weekdays:
        facts = {"days": days, "weekdays": weekdays}
        said = (
            _("Ngày %(days)s, và cả %(weekdays)s", **facts)
            if line.is_either
            else _("Ngày %(days)s mà là %(weekdays)s", **facts)
        )
    elif line.days:
        said = _("Ngày %(days)s hằng tháng", days=days)
    elif line.weekdays:
        said = _("%(weekdays)s hằng tuần", weekdays=weekdays)
    else:
        said = _("Hằng ngày")
    if not line.months:
        return said
    return _("%(days)s, chỉ trong tháng %(months)s", days=said, months=_listed(map(str, line.months)))


def _listed(words: Any) -> str:  # noqa: ANN401  # an iterable of texts
    *first, last = list(words) or [""]
    return _("%(first)s và %(last)s", first=", ".join(first), last=last) if first else last


def _day_of_month(number: int) -> str:
    if number == LAST_DAY:
        return _("cuối tháng")
    return _("thứ Hai đến thứ Sáu cuối tháng") if number == LAST_WEEKDAY else str(number)


def _weekday(item: tuple[int, int]) -> str:
    number, place = item
    name = formats.weekday(date(2026, 11, 22 + (number or 7)))
    if place == 0:
        return name
    if place == LAST_DAY:
        return _("%(weekday)s cuối tháng", weekday=name)
    return _("%(weekday)s lần thứ %(n)s của tháng", weekday=name, n=place)


def moved_words(start: ComingStart) -> str:
    """Say from which day off a start is moved; empty if it is not."""
    if not start.is_moved:
        return ""
    facts = {"day": formats.weekday_and_day(start.occurs_on)}
    holiday = start.holiday_en if language() == "en" else start.holiday
    if holiday:
        return _("dời từ %(day)s (%(holiday)s)", holiday=holiday, **facts)
    return _("dời từ %(day)s (ngày nghỉ)", **facts)


def units_words(unit_codes: list[str], unit_kind: str, names: Mapping[str, str]) -> str:
    """Say for whom a schedule starts: a kind, the one unit, or how many."""
    if unit_kind:
        return _("Mọi đơn vị loại %(kind)s", kind=kind_names().get(unit_kind, unit_kind))
    if not unit_codes:
        return _("Không theo đơn vị")
    if len(unit_codes) == 1:
        return names.get(unit_codes[0], unit_codes[0])
    return ngettext("%(num)s đơn vị", "%(num)s đơn vị", len(unit_codes))


def variable_label(variable: StartVariable) -> str:
    """Return what people call a start variable: by us, else by a form of the process, else its name."""
    known = {
        "topic": _("Nội dung"),
        "directive_id": _("Chỉ thị"),
        "plan_id": _("Số thứ tự của kế hoạch kiểm tra"),
        "self_report_days": _("Số ngày làm việc để đơn vị tự báo cáo"),
        "reason": _("Lý do"),
        "year": _("Năm"),
        "visit_on": _("Ngày đến kiểm tra, chỉ với lịch một lần"),
        "inspecting_unit_code": _("Đơn vị kiểm tra chéo"),
    }
    return known.get(variable.name) or variable.label.read(language()) or variable.name


def state_of(schedule: Schedule, *, is_startable: bool) -> tuple[str, str]:
    """Return the chip of a schedule: its modifier and its word."""
    if schedule.retired_at is not None:
        return "", _("Đã bỏ")
    if schedule.due_at is None:
        return "", _("Đã hết")
    if not is_startable:
        return "stop", _("Không chạy được")
    return ("warn", _("Tạm dừng")) if schedule.is_paused else ("ok", _("Đang chạy"))


def problem_words(problem: Problem) -> str:
    """Say what is wrong and what to do, for the field at which it stands."""
    sentences = _about_rhythm(problem.facts) | _about_the_rest(problem.facts)
    return sentences[problem.code]


def _about_rhythm(facts: Mapping[str, Any]) -> dict[str, str]:
    fields = {
        "minute": _("phút (0 đến 59)"),
        "hour": _("giờ (0 đến 23)"),
        "day-of-month": _("ngày trong tháng (1 đến 31, L là ngày cuối)"),
        "month": _("tháng (1 đến 12)"),
        "day-of-week": _("thứ (0 là Chủ nhật, 1 là Thứ Hai, đến 6)"),
    }
    days = {name: formats.day(value) for name, value in facts.items() if isinstance(value, date)}
    today, first = days.get("today", ""), days.get("first_on", "")
    return {
        "rhythm_unknown": _("Chọn một nhịp trong danh sách."),
        "cron_fields": _(
            "Dòng cron gồm đúng năm phần cách nhau bằng dấu cách: phút, giờ, ngày, tháng, thứ. "
            "Ví dụ: 30 7 5 1,4,7,10 *"
        ),
        "cron_field": _("Phần %(field)s không đọc được.", field=fields.get(facts.get("field", ""), "")),
        "cron_often": _("Dòng này chạy nhiều lần một ngày. Ghi một phút và một giờ cố định, ví dụ 30 7."),
        "cron_never": _("Ngày này không bao giờ có, nên lịch không bao giờ chạy. Sửa ngày hoặc tháng."),
        "first_past": _("Ngày này đã qua. Chọn từ %(today)s trở đi.", today=today),
        "first_far": _("Ngày này quá xa. Chọn không muộn hơn năm %(year)s.", year=facts.get("year", "")),
        "end_before_start": _("Ngày cuối sớm hơn ngày đầu %(first)s. Chọn ngày muộn hơn.", first=first),
        "end_past": _("Ngày cuối đã qua. Chọn từ %(today)s trở đi, hoặc bỏ trống.", today=today),
        "never": _("Không còn lần nào để chạy với ngày này. Chọn ngày muộn hơn."),
    }


def _about_the_rest(facts: Mapping[str, Any]) -> dict[str, str]:
    return {
        "process_unknown": _("Không có quy trình này đang dùng. Chọn quy trình khác."),
        "process_retired": _(
            "Quy trình này đã ngừng dùng. Ban hành lại quy trình, hoặc chọn quy trình khác."
        ),
        "no_plain_start": _("Quy trình này chỉ bắt đầu khi có tin báo hoặc hẹn giờ; lịch không mở được."),
        "name_missing": _("Ghi tên của lịch."),
        "name_long": _("Tên dài quá %(limit)s chữ. Viết ngắn hơn.", limit=facts.get("limit", "")),
        "unit_unknown": _("Không có đơn vị: %(codes)s.", codes=", ".join(facts.get("codes", ()))),
        "unit_abolished": _(
            "Đơn vị đã giải thể, không có đơn vị kế thừa: %(names)s. Bỏ chọn đơn vị này.",
            names=", ".join(facts.get("names", ())),
        ),
        "unit_missing": _("Quy trình này mở cho từng đơn vị. Chọn một loại, hoặc ít nhất một đơn vị."),
        "kind_empty": _("Chưa có đơn vị nào thuộc loại này. Chọn loại khác."),
        "variable_missing": _("Quy trình cần nội dung này khi bắt đầu. Điền vào đây."),
    }
