"""The panels of the home page that fit the role: each a few lines that lead to their lists."""

from collections.abc import Callable
from typing import Final

from flask import url_for

from engine.calendar import load_calendar
from engine.people import Authority, local_day
from processes.awards import directives, overview, permissions
from processes.awards.directive_states import Standing
from processes.awards.directive_words import STANDING_NAMES
from processes.awards.models import DirectiveState
from processes.awards.stages import COUNCIL_STATE_NAMES, INSPECTION_STATE_NAMES, STAGE_NAMES, word
from web import access, deadlines, formats, home_system
from web.home_lines import LINES_SHOWN, Block, Line, View
from web.i18n import gettext as _
from web.i18n import language, ngettext, pick

SOON_DAYS: Final = 7
PRESSING: Final = (Standing.LATE, Standing.AT_RISK)
OLD_WORKING_DAYS: Final = 10
"""A dossier that has waited longer than this with the agency is marked."""


def blocks_of(view: View) -> list[Block]:
    """Return the panels for the roles the person holds, in a fixed order."""
    return [make(view) for concerns, make in _BLOCKS if concerns(view.authority)]


def _stages(view: View) -> Block:
    counts = overview.count_by_stage(view.session, view.authority)
    lines = [
        Line(
            name=word(STAGE_NAMES[stage], language()),
            address=url_for("dossiers.index", stage=stage.value),
            number=str(count),
        )
        for stage, count in counts.items()
    ]
    return Block(
        heading=_("Hồ sơ của đơn vị đang ở đâu"),
        lines=lines,
        address=url_for("dossiers.index"),
        all_label=_("Xem mọi hồ sơ"),
        empty_heading=_("Đơn vị chưa có hồ sơ nào đang chạy"),
        empty_text=_("Hồ sơ hiện ở đây từ lúc bắt đầu lập đến khi có quyết định."),
        total=sum(counts.values()),
    )


def _rounds(view: View) -> Block:
    today = local_day(view.now)
    lines: list[Line] = []
    for one in overview.rounds_open(view.session, today):
        left = deadlines.of_day(one.closes_on, today, soon_days=SOON_DAYS)
        chip, text = left.chip, left.left
        if one.opens_on > today:
            chip, text = "", _("Mở ngày %(day)s", day=formats.day(one.opens_on))
        sub = _("Nhận hồ sơ đến hết ngày %(day)s", day=formats.day(one.closes_on))
        lines.append(
            Line(pick(one.name, one.name_en), url_for("dossiers.index"), sub, chip=chip, chip_text=text)
        )
    return Block(
        heading=_("Kỳ xét đang nhận hồ sơ"),
        lines=lines[:LINES_SHOWN],
        address=url_for("dossiers.index"),
        all_label=_("Đến danh sách hồ sơ"),
        empty_heading=_("Không có kỳ xét nào đang mở"),
        empty_text=_("Kỳ xét hiện ở đây khi cơ quan thường trực mở, kèm ngày hết nhận hồ sơ."),
        total=len(lines),
    )


def _appraisal(view: View) -> Block:
    waiting, calendar, today = (
        overview.dossiers_with_the_agency(view.session),
        load_calendar(view.session),
        local_day(view.now),
    )
    ages = [calendar.working_days_between(local_day(one.since), today) for one in waiting]
    lines = [
        Line(
            name=f"{one.code} · {pick(one.unit.name, one.unit.name_en)}",
            address=url_for("dossiers.show", dossier_id=one.id),
            sub=word(STAGE_NAMES[one.stage], language()),
            chip="warn" if age > OLD_WORKING_DAYS else "",
            chip_text=ngettext("%(num)s ngày làm việc", "%(num)s ngày làm việc", age),
        )
        for one, age in zip(waiting, ages, strict=True)
    ]
    old = sum(age > OLD_WORKING_DAYS for age in ages)
    note = _("%(old)s hồ sơ chờ quá %(days)s ngày làm việc.", old=old, days=OLD_WORKING_DAYS) if old else ""
    return Block(
        heading=_("Hồ sơ chờ thẩm định lâu nhất"),
        lines=lines[:LINES_SHOWN],
        address=url_for("dossiers.index", stage="appraising"),
        all_label=_("Xem hồ sơ đang thẩm định"),
        empty_heading=_("Không có hồ sơ nào chờ thẩm định"),
        empty_text=_("Hồ sơ hiện ở đây khi thủ trưởng đơn vị ký tờ trình và gửi."),
        total=len(lines),
        note=note,
    )


def _council(view: View) -> Block:
    waiting = overview.count_awaiting_council(view.session)
    lines = [
        Line(
            name=_("Phiên họp %(code)s", code=meeting.code),
            address=url_for("council.show", session_id=meeting.id),
            sub=_joined(formats.moment(meeting.meets_at), meeting.place) or _("Chưa định ngày họp"),
            chip=COUNCIL_STATE_NAMES[meeting.state][2],
            chip_text=word(COUNCIL_STATE_NAMES[meeting.state], language()),
        )
        for meeting in overview.sessions_to_come(view.session)
    ]
    return Block(
        heading=_("Phiên họp sắp tới"),
        lines=lines[:LINES_SHOWN],
        address=url_for("council.index"),
        all_label=_("Đến các phiên họp"),
        empty_heading=_("Chưa có phiên họp nào được triệu tập"),
        empty_text=_("Phiên họp hiện ở đây khi thư ký Hội đồng mở phiên mới."),
        total=len(lines),
        note=_("%(n)s hồ sơ đang chờ đưa ra Hội đồng.", n=waiting) if waiting else "",
    )


def _signing(view: View) -> Block:
    lines = [
        Line(
            name=one.subject,
            address=url_for("decisions.show", decision_id=one.id),
            sub=one.code,
            chip="gold",
            chip_text=ngettext("%(num)s trường hợp", "%(num)s trường hợp", one.line_count),
        )
        for one in overview.decisions_to_sign(view.session)
    ]
    return Block(
        heading=_("Quyết định chờ Chủ tịch ký"),
        lines=lines[:LINES_SHOWN],
        address=url_for("decisions.index"),
        all_label=_("Xem mọi quyết định"),
        empty_heading=_("Không có quyết định nào chờ ký"),
        empty_text=_("Dự thảo hiện ở đây khi Ban Thi đua - Khen thưởng trình ký."),
        total=len(lines),
    )


def _directives(view: View) -> Block:
    """Return the tasks of directives in force that are late or at risk, the late ones first."""
    today, calendar = local_day(view.now), load_calendar(view.session)
    readable = directives.find_directives(view.session, reader=view.authority)
    in_force = [one for one in readable if one.state is DirectiveState.IN_FORCE]
    tasks = directives.find_tasks(view.session, in_force, reader=view.authority)
    judged = [(task, directives.judge_task(task, today=today, calendar=calendar)) for task in tasks]
    pressing = [pair for pair in judged if pair[1].standing in PRESSING]
    pressing.sort(key=lambda pair: (PRESSING.index(pair[1].standing), pair[0].due_on, pair[0].id))
    lines = [
        Line(
            name=pick(task.name, task.name_en),
            address=url_for("directive_tasks.show", task_id=task.id),
            sub=pick(judgement.reasons[0].vi, judgement.reasons[0].en) if judgement.reasons else "",
            holder=pick(task.lead_unit.name, task.lead_unit.name_en),
            chip=STANDING_NAMES[judgement.standing][2],
            chip_text=word(STANDING_NAMES[judgement.standing], language()),
        )
        for task, judgement in pressing[:LINES_SHOWN]
    ]
    return Block(
        heading=_("Nhiệm vụ của chỉ thị trễ hoặc có nguy cơ trễ"),
        lines=lines,
        address=url_for("directives.index"),
        all_label=_("Xem mọi chỉ thị"),
        empty_heading=_("Không có nhiệm vụ nào trễ"),
        empty_text=_(
            "Nhiệm vụ hiện ở đây khi quá ngày phải xong, thiếu báo cáo hoặc làm chậm so với thời gian."
        ),
        total=len(pressing),
        is_late=any(judgement.standing is Standing.LATE for _task, judgement in pressing),
    )


def _inspections(view: View) -> Block:
    counts = overview.count_inspections(view.session, view.authority)
    lines = [
        Line(
            name=word(INSPECTION_STATE_NAMES[state], language()),
            address=url_for("inspections.index", state=state.value),
            number=str(count),
        )
        for state, count in counts.items()
    ]
    return Block(
        heading=_("Cuộc kiểm tra chưa kết thúc"),
        lines=lines,
        address=url_for("inspections.index"),
        all_label=_("Xem mọi cuộc kiểm tra"),
        empty_heading=_("Không có cuộc kiểm tra nào đang chạy"),
        empty_text=_("Cuộc kiểm tra hiện ở đây khi đến ngày trong kế hoạch, hoặc khi mở đột xuất."),
        total=sum(counts.values()),
    )


def _remedies(view: View) -> Block:
    today = local_day(view.now)
    found = overview.open_remedies(view.session, view.authority)
    lines: list[Line] = []
    for one in found[:LINES_SHOWN]:
        left = deadlines.of_day(one.due_on, today)
        lines.append(
            Line(
                name=one.text,
                address=url_for("inspections.show", inspection_id=one.inspection_id),
                holder=pick(one.inspection.unit.name, one.inspection.unit.name_en),
                sub=_("%(code)s, hạn %(day)s", code=one.inspection.code, day=formats.day(one.due_on)),
                chip=left.chip,
                chip_text=left.left,
            )
        )
    return Block(
        heading=_("Việc phải khắc phục sau kiểm tra"),
        lines=lines,
        address=url_for("inspections.index", only="open_remedies"),
        all_label=_("Xem cuộc kiểm tra còn việc khắc phục"),
        empty_heading=_("Không còn việc nào phải khắc phục"),
        empty_text=_("Kiến nghị sau kết luận kiểm tra hiện ở đây cho đến khi được xác nhận đã khắc phục."),
        total=len(found),
        is_late=any(one.due_on < today for one in found),
    )


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _holds(*roles: str) -> Callable[[Authority], bool]:
    return lambda authority: permissions.holds_one_of(authority, roles)


_BLOCKS: Final[tuple[tuple[Callable[[Authority], bool], Callable[[View], Block]], ...]] = (
    (_holds("chairman"), _signing),
    (_holds("chairman", "agency_head", "city_office", "unit_officer", "unit_head"), _directives),
    (_holds("appraisal_officer", "agency_head"), _appraisal),
    (_holds("council_secretary", "council_chair", "council_member"), _council),
    (_holds("unit_officer", "unit_head"), _stages),
    (_holds("unit_officer", "unit_head"), _rounds),
    (_holds("inspector"), _inspections),
    (_holds("inspector", "unit_officer", "unit_head"), _remedies),
    (access.can_see_incidents, home_system.system),
    (access.can_publish, home_system.publications),
    (_holds("auditor"), home_system.audit),
)
"""Who sees which panel, in the order of the page."""
