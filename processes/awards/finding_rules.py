"""The award rules that need a loop or a comparison: pure functions on facts, figures from the rule set."""

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from processes.awards.standing import Condition, Held, Standing, UnitStanding

_HUNDRED: Final = 100


class FindingVerdict(enum.IntEnum):
    """What a rule says of a nominee, the worst first. It advises: the officer decides."""

    FAILED = 0
    DOUBTFUL = 1
    """The facts are missing or unsure, or the figure of the rule is still to be confirmed."""
    TO_JUDGE = 2
    """Only a person can say."""
    MET = 3


Said = tuple[FindingVerdict, str, str]
"""The verdict and its sentence in Vietnamese and English."""


def _prior_award(condition: Condition, standing: Standing) -> Said:
    """Law 06/2022, articles 21, 22, 74: titles held before, most of them years running."""
    award = standing.awards[condition.award]
    name, name_en = award.name, award.name_en
    held = [one for one in standing.held if one.slug == condition.award and one.year <= standing.year]
    times = len({one.year for one in held})
    have = f"Có {times} lần {name}: {listed(held)}" if held else f"Chưa thấy lần nào {name}"
    have_en = f"{name_en}, {_counted(times)}: {listed(held, 'en')}" if held else f"No {name_en} found"
    if _times([one for one in held if one.is_sure], condition, standing.year) >= condition.count:
        return FindingVerdict.MET, have, have_en
    if _times(held, condition, standing.year) >= condition.count:
        return (
            FindingVerdict.DOUBTFUL,
            f"{have}; chưa rõ có cùng một người",
            f"{have_en}; perhaps of another person",
        )
    need, need_en = _need(condition, standing.year)
    if condition.alternative:
        return (
            FindingVerdict.DOUBTFUL,
            f"{have}; cần {need}, hoặc {condition.alternative}",
            f"{have_en}; needed: {need_en}, or {condition.alternative_en}",
        )
    return FindingVerdict.FAILED, f"{have}; cần {need}", f"{have_en}; needed: {need_en}"


def _times(held: Iterable[Held], condition: Condition, year: int) -> int:
    """Return how often it was held, years running up to the round's year or the one before where asked."""
    years = {one.year for one in held}
    if not condition.consecutive:
        return len(years)
    last = year if year in years else year - 1
    running = 0
    while last - running in years:
        running += 1
    return running


def _counted(times: int) -> str:
    return "once" if times == 1 else f"{times} times"


def _need(condition: Condition, year: int) -> tuple[str, str]:
    if not condition.consecutive:
        return f"{condition.count} lần", _counted(condition.count)
    return (
        f"{condition.count} lần liên tục tính đến năm {year - 1} hoặc {year}",
        f"{condition.count} years running up to {year - 1} or {year}",
    )


def _initiative(condition: Condition, standing: Standing) -> Said:
    """Law 06/2022, articles 22 and 84: an initiative, with its certificate in the dossier."""
    name = standing.initiative
    if not name:
        return FindingVerdict.FAILED, "Chưa nêu sáng kiến, đề tài", "No initiative is named"
    if condition.document and condition.document not in standing.documents:
        return (
            FindingVerdict.DOUBTFUL,
            f"Có nêu sáng kiến “{name}”, hồ sơ chưa có giấy chứng nhận",
            f"Initiative “{name}” is named, the dossier has no certificate",
        )
    return (
        FindingVerdict.MET,
        f"Có sáng kiến “{name}”, hồ sơ có giấy chứng nhận",
        f"Initiative “{name}”, with a certificate in the dossier",
    )


def _named_once(condition: Condition, standing: Standing) -> Said:
    """Law 06/2022, article 5: nobody is nominated for what he was granted, or twice, in one round."""
    del condition
    granted = [one for one in standing.held if (one.slug, one.year) == (standing.award, standing.year)]
    if granted:
        one = min(granted, key=lambda one: (one.is_declared, not one.is_sure))
        is_proven = one.is_sure and not one.is_declared
        return (
            FindingVerdict.FAILED if is_proven else FindingVerdict.DOUBTFUL,
            f"Năm {standing.year} đã được tặng {one.name} ({one.source})",
            f"Granted {one.name_en} in {standing.year} already ({one.source_en})",
        )
    if not standing.rivals:
        return (
            FindingVerdict.MET,
            "Không có tên ở hồ sơ khác cho cùng danh hiệu, hình thức trong kỳ xét này",
            "In no other dossier for the same award in this round",
        )
    found = sorted(standing.rivals, key=lambda rival: (not rival.is_sure, rival.code))
    where = "; ".join(f"{one.code} của {one.unit} ({one.match})" for one in found)
    where_en = "; ".join(f"{one.code} of {one.unit_en} ({one.match_en})" for one in found)
    return (
        FindingVerdict.FAILED if found[0].is_sure else FindingVerdict.DOUBTFUL,
        f"Cũng có tên trong kỳ xét này ở hồ sơ {where}",
        f"Also named in this round in dossier {where_en}",
    )


def _award_gap(condition: Condition, standing: Standing) -> Said:
    """Decree 98/2023, article 4: merits that were rewarded are not counted again for the same award."""
    held = [one for one in standing.held if one.slug in condition.awards and one.year < standing.year]
    if not held:
        return (
            FindingVerdict.MET,
            f"Chưa được tặng lần nào trước năm {standing.year}, theo sổ khen thưởng và kê khai",
            f"Never granted before {standing.year}, by the register and what the unit declares",
        )
    last = max(held, key=lambda one: (one.year, one.is_sure))
    gap = standing.year - last.year
    vi = f"Lần gần nhất: {last.name}, năm {last.year} ({last.source}), cách {gap} năm"
    en = f"Last time: {last.name_en}, {last.year} ({last.source_en}), {gap} years ago"
    if gap >= condition.years:
        return FindingVerdict.MET, vi, en
    verdict = FindingVerdict.FAILED if last.is_sure else FindingVerdict.DOUBTFUL
    return verdict, f"{vi}; cần ít nhất {condition.years} năm", f"{en}; at least {condition.years} are needed"


def _one_merit(condition: Condition, standing: Standing) -> Said:
    """Law 06/2022, article 5: one achievement is not rewarded twice; whether it is one, a person says."""
    held = [one for one in standing.held if one.slug in condition.awards and one.year == standing.year]
    if not held:
        return (
            FindingVerdict.MET,
            f"Không thấy khen thưởng nào khác của thành phố trong năm {standing.year}",
            f"No other award of the city found in {standing.year}",
        )
    names = "; ".join(f"{one.name} ({one.source})" for one in held)
    names_en = "; ".join(f"{one.name_en} ({one.source_en})" for one in held)
    return (
        FindingVerdict.DOUBTFUL,
        f"Năm {standing.year} đã được tặng {names}; xem có cùng một thành tích không",
        f"In {standing.year} granted {names_en}; is it the same achievement?",
    )


def _service_years(condition: Condition, standing: Standing) -> Said:
    """Law 06/2022, article 71: years of service, as the resolution on the medal asks."""
    since = standing.serves_since_year
    if since is None:
        return (
            FindingVerdict.DOUBTFUL,
            f"Chưa kê khai năm bắt đầu công tác; cần đủ {condition.years} năm",
            f"The year service began is not declared; {condition.years} years are needed",
        )
    served = standing.year - since
    vi, en = (
        f"Công tác từ năm {since}, được {served} năm (theo kê khai)",
        f"In service since {since}, {served} years",
    )
    if served >= condition.years:
        return FindingVerdict.MET, vi, f"{en} (declared)"
    return (
        FindingVerdict.FAILED,
        f"{vi}; cần đủ {condition.years} năm",
        f"{en} (declared); {condition.years} are needed",
    )


def _member_share(condition: Condition, standing: Standing) -> Said:
    """Law 06/2022, article 27: the share of a collective's members who are advanced workers."""
    members, holders, percent = standing.member_count, standing.advanced_worker_count, condition.percent or 0
    if not members or holders is None:
        return (
            FindingVerdict.DOUBTFUL,
            f"Chưa kê khai số thành viên và số đạt Lao động tiên tiến; cần ít nhất {percent}%",
            f"Members and advanced workers are not declared; at least {percent}% is needed",
        )
    share = _HUNDRED * holders // members
    is_met = _HUNDRED * holders >= percent * members
    vi = f"{holders} trên {members} thành viên đạt Lao động tiên tiến ({share}%, theo kê khai)"
    en = f"{holders} of {members} members are advanced workers ({share}%, declared)"
    if is_met:
        return FindingVerdict.MET, vi, en
    return FindingVerdict.FAILED, f"{vi}; cần ít nhất {percent}%", f"{en}; at least {percent}% is needed"


def _member_titles(condition: Condition, standing: Standing) -> Said:
    """Law 06/2022, article 27: members who are grassroots emulation fighters."""
    holders = standing.emulation_fighter_count
    if holders is None:
        return (
            FindingVerdict.DOUBTFUL,
            f"Chưa kê khai số đạt Chiến sĩ thi đua cơ sở; cần ít nhất {condition.count}",
            f"Grassroots emulation fighters are not declared; at least {condition.count} is needed",
        )
    vi = f"{holders} thành viên đạt Chiến sĩ thi đua cơ sở (theo kê khai)"
    en = f"{holders} members are grassroots emulation fighters (declared)"
    if holders >= condition.count:
        return FindingVerdict.MET, vi, en
    return (
        FindingVerdict.FAILED,
        f"{vi}; cần ít nhất {condition.count}",
        f"{en}; at least {condition.count} is needed",
    )


def human(condition: Condition, standing: Standing) -> Said:
    """Leave to the officer what no record tells, and a rule that nobody has written yet."""
    del standing
    return (
        FindingVerdict.TO_JUDGE,
        condition.text or f"Chưa kiểm tra tự động được điều kiện “{condition.rule}”",
        condition.text_en or f"Condition “{condition.rule}” cannot be checked by itself",
    )


def _unit_quota(condition: Condition, unit: UnitStanding) -> Said:
    """How many a unit may nominate for the award in a round; the city sets it."""
    count = unit.individual_count + unit.collective_count
    vi, en = (
        f"Đơn vị đề nghị {count} trường hợp trong kỳ xét này",
        f"The unit nominates {count} in this round",
    )
    if condition.most is None:
        return (
            FindingVerdict.TO_JUDGE,
            f"{vi}; thành phố chưa định số tối đa",
            f"{en}; the city has set no limit",
        )
    if count <= condition.most:
        return FindingVerdict.MET, f"{vi}, tối đa {condition.most}", f"{en}, at most {condition.most}"
    return FindingVerdict.FAILED, f"{vi}; tối đa {condition.most}", f"{en}; at most {condition.most}"


def _direct_worker_share(condition: Condition, unit: UnitStanding) -> Said:
    """Directive 01/CT-UBND of 03/01/2024, item 7: awards go to those who do the work themselves."""
    people, direct, percent = unit.individual_count, unit.direct_worker_count, condition.percent
    vi = f"{direct} trên {people} cá nhân của đơn vị trực tiếp lao động, công tác, chiến đấu"
    en = f"{direct} of {people} individuals of the unit work directly"
    if percent is None or not people:
        return (
            FindingVerdict.TO_JUDGE,
            f"{vi}; thành phố chưa định tỷ lệ",
            f"{en}; the city has set no share",
        )
    if _HUNDRED * direct >= percent * people:
        return FindingVerdict.MET, f"{vi}, ít nhất {percent}%", f"{en}, at least {percent}%"
    return FindingVerdict.FAILED, f"{vi}; cần ít nhất {percent}%", f"{en}; at least {percent}% is needed"


NOMINEE_RULES: Final[Mapping[str, Callable[[Condition, Standing], Said]]] = {
    "prior_award": _prior_award,
    "initiative": _initiative,
    "named_once": _named_once,
    "award_gap": _award_gap,
    "one_merit": _one_merit,
    "service_years": _service_years,
    "member_share": _member_share,
    "member_titles": _member_titles,
    "human": human,
}
"""Names of rules in rule sets -> how they are judged of one nominee."""

UNIT_RULES: Final[Mapping[str, Callable[[Condition, UnitStanding], Said]]] = {
    "unit_quota": _unit_quota,
    "direct_worker_share": _direct_worker_share,
}
"""Names of rules in rule sets -> how they are judged of all that a unit nominates."""


def listed(held: Sequence[Held], language: str = "vi") -> str:
    """Return the years of awards of one name, each with what it is known by; what is declared comes last.

    A year that stands in a decision is not told again as declared.
    """
    known = sorted((one for one in held if not one.is_declared), key=lambda one: one.year)
    proven = {one.year for one in known}
    declared = sorted({one.year for one in held if one.is_declared and one.year not in proven})
    parts = [f"{one.year} ({one.source_en if language == 'en' else one.source})" for one in known]
    if declared:
        word = "declared, not checked" if language == "en" else "theo kê khai, chưa đối chiếu"
        parts.append(f"{', '.join(map(str, declared))} ({word})")
    return "; ".join(parts)
