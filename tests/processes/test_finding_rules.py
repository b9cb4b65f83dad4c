"""What award rules find: each rule at its boundaries, what units declare, and the words for it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from engine.errors import InvalidInputError
from engine.models import Unit
from processes.awards import catalogue, finding_words
from processes.awards.finding_rules import FindingVerdict, listed
from processes.awards.findings import Finding, judge_nominee, judge_unit, recognise
from processes.awards.models import Award, Dossier, Nominee, NomineeKind
from processes.awards.prior_awards import read_declared, unreadable_lines
from processes.awards.standing import Condition, Held, Rival, Standing, UnitStanding, read_conditions

FAILED, DOUBTFUL, TO_JUDGE, MET = FindingVerdict
NAMES = {
    "cstd_co_so": ("Chiến sĩ thi đua cơ sở", "Grassroots emulation fighter"),
    "own": ("Bằng khen", "Merit"),
}
AWARDS = {slug: Award(slug=slug, name=name, name_en=name_en) for slug, (name, name_en) in NAMES.items()}
NOBODY = Standing(kind=NomineeKind.INDIVIDUAL, award="own", year=2026, awards=AWARDS)
condition = partial(Condition, article="Điều 22", article_en="Art. 22", certainty="A")


def held(year: int, slug: str = "cstd_co_so", *, is_sure: bool = True, is_declared: bool = False) -> Held:
    name, name_en = NAMES[slug]
    return Held(slug, name, name_en, year, "Quyết định số 01", "Decision 01", is_sure, is_declared)


def judge(one: Condition, **facts: Any) -> Finding:  # noqa: ANN401  # any field of a standing
    return judge_nominee([one], replace(NOBODY, **facts))[0]


# Titles held before.

THREE_RUNNING = condition("prior_award", award="cstd_co_so", count=3, consecutive=True)


@pytest.mark.parametrize(
    ("years", "verdict"),
    [
        ((2023, 2024, 2025), MET),
        ((2024, 2025, 2026), MET),
        ((2022, 2023, 2024, 2025), MET),
        ((2022, 2023, 2024), FAILED),
        ((2022, 2024, 2025), FAILED),
        ((2024, 2025), FAILED),
        ((2025, 2026), FAILED),
        ((2025, 2026, 2027), FAILED),
        ((2025, 2025, 2025), FAILED),
        ((), FAILED),
    ],
)
def test_titles_must_run_up_to_the_year_or_the_one_before(
    years: tuple[int, ...], verdict: FindingVerdict
) -> None:
    assert judge(THREE_RUNNING, held=[held(year) for year in years]).verdict is verdict


@pytest.mark.parametrize(("years", "verdict"), [((2010, 2019), MET), ((2019,), FAILED)])
def test_titles_may_lie_apart_where_the_rule_says_so(years: tuple[int, ...], verdict: FindingVerdict) -> None:
    apart = condition("prior_award", award="cstd_co_so", count=2)

    assert judge(apart, held=[held(year) for year in years]).verdict is verdict


def test_the_sentence_tells_the_years_and_what_was_declared() -> None:
    found = judge(
        THREE_RUNNING, held=[held(2024), held(2025, is_declared=True), held(2024, is_declared=True)]
    )

    assert found.sentence_vi == (
        "Có 2 lần Chiến sĩ thi đua cơ sở: 2024 (Quyết định số 01); 2025 (theo kê khai, chưa đối chiếu); "
        "cần 3 lần liên tục tính đến năm 2025 hoặc 2026."
    )
    assert "2025 (declared, not checked)" in found.sentence_en
    assert found.article == "Điều 22"


def test_titles_of_perhaps_another_person_leave_a_doubt() -> None:
    unsure = [held(2023), held(2024), held(2025, is_sure=False)]

    assert judge(THREE_RUNNING, held=unsure).verdict is DOUBTFUL


def test_another_way_that_only_a_person_can_judge_leaves_a_doubt() -> None:
    one = replace(THREE_RUNNING, alternative="hai năm xuất sắc", alternative_en="two excellent years")

    assert judge(one).verdict is DOUBTFUL
    assert "hoặc hai năm xuất sắc" in judge(one).sentence_vi


# Initiative, being named twice, time since the last award.


@pytest.mark.parametrize(
    ("initiative", "documents", "verdict"),
    [("", {"chung_nhan"}, FAILED), ("Máy lọc", set[str](), DOUBTFUL), ("Máy lọc", {"chung_nhan"}, MET)],
)
def test_an_initiative_needs_its_certificate(
    initiative: str, documents: set[str], verdict: FindingVerdict
) -> None:
    one = condition("initiative", document="chung_nhan")

    assert judge(one, initiative=initiative, documents=frozenset(documents)).verdict is verdict


@pytest.mark.parametrize(
    ("rivals", "granted", "verdict"),
    [
        ((), (), MET),
        ((True,), (), FAILED),
        ((False,), (), DOUBTFUL),
        ((False, True), (), FAILED),
        ((), (held(2026, "own"),), FAILED),
        ((), (held(2026, "own", is_sure=False),), DOUBTFUL),
        ((), (held(2026, "own", is_declared=True),), DOUBTFUL),
        ((), (held(2025, "own"),), MET),
        ((), (held(2026),), MET),
    ],
)
def test_nobody_is_named_twice_in_a_round(
    rivals: tuple[bool, ...], granted: tuple[Held, ...], verdict: FindingVerdict
) -> None:
    others = [Rival(f"HS-{place}", "Sở", "Dept", "tên", "name", sure) for place, sure in enumerate(rivals)]

    assert judge(condition("named_once"), rivals=others, held=granted).verdict is verdict


@pytest.mark.parametrize(
    ("years", "verdict"),
    [((), MET), ((2023,), MET), ((2024,), MET), ((2025,), FAILED), ((2020, 2025), FAILED)],
)
def test_the_last_award_lies_back_long_enough(years: tuple[int, ...], verdict: FindingVerdict) -> None:
    gap = condition("award_gap", awards=["own"], years=2)

    assert judge(gap, held=[held(year, "own") for year in years]).verdict is verdict


def test_the_last_award_of_perhaps_another_person_leaves_a_doubt() -> None:
    gap = condition("award_gap", awards=["own"], years=2)

    assert judge(gap, held=[held(2025, "own", is_sure=False)]).verdict is DOUBTFUL


@pytest.mark.parametrize(("year", "verdict"), [(2026, DOUBTFUL), (2025, MET)])
def test_whether_one_merit_is_rewarded_twice_a_person_says(year: int, verdict: FindingVerdict) -> None:
    assert judge(condition("one_merit", awards=["own"]), held=[held(year, "own")]).verdict is verdict


# Years of service, shares of members, quotas.


@pytest.mark.parametrize(("since", "verdict"), [(2006, MET), (2007, FAILED), (None, DOUBTFUL)])
def test_years_of_service(since: int | None, verdict: FindingVerdict) -> None:
    assert judge(condition("service_years", years=20), serves_since_year=since).verdict is verdict


@pytest.mark.parametrize(
    ("members", "holders", "verdict"),
    [(10, 7, MET), (10, 6, FAILED), (13, 9, FAILED), (13, 10, MET), (0, 0, DOUBTFUL), (10, None, DOUBTFUL)],
)
def test_the_share_of_advanced_workers(members: int, holders: int | None, verdict: FindingVerdict) -> None:
    share = condition("member_share", percent=70)

    assert judge(share, member_count=members, advanced_worker_count=holders).verdict is verdict


@pytest.mark.parametrize(("holders", "verdict"), [(1, MET), (0, FAILED), (None, DOUBTFUL)])
def test_members_who_are_emulation_fighters(holders: int | None, verdict: FindingVerdict) -> None:
    assert judge(condition("member_titles", count=1), emulation_fighter_count=holders).verdict is verdict


@pytest.mark.parametrize(("most", "verdict"), [(3, MET), (2, FAILED), (None, TO_JUDGE)])
def test_the_quota_of_a_unit(most: int | None, verdict: FindingVerdict) -> None:
    unit = UnitStanding(individual_count=2, collective_count=1, direct_worker_count=1)

    assert judge_unit([condition("unit_quota", most=most)], unit)[0].verdict is verdict


@pytest.mark.parametrize(
    ("people", "percent", "verdict"),
    [(2, 50, MET), (2, 51, FAILED), (2, None, TO_JUDGE), (0, 50, TO_JUDGE)],
)
def test_the_share_of_direct_workers(people: int, percent: int | None, verdict: FindingVerdict) -> None:
    unit = UnitStanding(individual_count=people, collective_count=1, direct_worker_count=1)

    assert judge_unit([condition("direct_worker_share", percent=percent)], unit)[0].verdict is verdict


# What holds for all rules.


@pytest.mark.parametrize("certainty", ["B", "C"])
def test_a_figure_that_is_not_sure_fails_nobody(certainty: str) -> None:
    found = judge(replace(THREE_RUNNING, certainty=certainty))

    assert found.verdict is DOUBTFUL
    assert "chờ xác nhận" in found.sentence_vi


def test_conditions_for_bodies_are_not_asked_of_people() -> None:
    asked = [
        condition("human", text="a", recipient="collective"),
        condition("human", text="b", recipient="individual"),
    ]

    assert [found.sentence_vi for found in judge_nominee(asked, NOBODY)] == ["b."]


def test_the_worst_comes_first_and_unknown_rules_wait_for_a_person() -> None:
    asked = [condition("named_once"), condition("not_written_yet"), THREE_RUNNING]

    assert [found.verdict for found in judge_nominee(asked, NOBODY)] == [FAILED, TO_JUDGE, MET]


@pytest.mark.parametrize(
    "entry", [{"rule": "human"}, {"rule": "human", "article": "", "article_en": "", "x": 1}]
)
def test_a_condition_nobody_can_read_is_refused(entry: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        read_conditions([entry])


# What units declare.


@pytest.mark.parametrize(
    ("line", "years"),
    [
        ("Chiến sĩ thi đua cơ sở; 2023, 2024; 15/QĐ-SYT", [2023, 2024]),
        ("Đạt danh hiệu Chiến sĩ thi đua cơ sở năm 2024 (QĐ 15/QĐ-SYT ngày 05/01/2025)", [2024]),
        ("CSTĐCS 2023-2025", [2023, 2024, 2025]),
        ("chien si thi dua co so: 2025", [2025]),
        ("Chiến sĩ thi đua cơ sở các năm 2024, 2025; QĐ số 9 ngày 01/02/2026", [2024, 2025]),
    ],
)
def test_a_declared_award_is_read_as_people_write_it(line: str, years: list[int]) -> None:
    found = read_declared(line, catalogue.award_spellings())

    assert [(one.slug, one.year) for one in found] == [("cstd_co_so", year) for year in years]


def test_the_longer_name_is_another_award() -> None:
    found = read_declared(
        "Tập thể lao động tiên tiến; 2025\nHuy hiệu của ngành; 2020", catalogue.award_spellings()
    )

    assert [(one.slug, one.name) for one in found] == [
        ("ttld_tien_tien", "Tập thể lao động tiên tiến"),
        ("", "Huy hiệu của ngành"),
    ]


@pytest.mark.parametrize("line", ["Chiến sĩ thi đua cơ sở", "2024", "Chiến sĩ thi đua cơ sở; 2027"])
def test_lines_without_name_or_year_are_named(line: str) -> None:
    assert unreadable_lines(f"CSTĐCS 2025\n\n{line}", date(2026, 11, 1)) == [line]


def test_a_year_in_a_decision_is_not_told_as_declared_again() -> None:
    assert listed([held(2024, is_declared=True), held(2024)], "en") == "2024 (Decision 01)"


# Who is the same.


@pytest.mark.parametrize(
    ("kind", "born", "other_born", "unit", "sure"),
    [
        (NomineeKind.INDIVIDUAL, date(1980, 1, 1), date(1980, 1, 1), 2, True),
        (NomineeKind.INDIVIDUAL, date(1980, 1, 1), date(1980, 1, 2), 1, None),
        (NomineeKind.INDIVIDUAL, date(1980, 1, 1), None, 1, False),
        (NomineeKind.INDIVIDUAL, None, None, 2, False),
        (NomineeKind.COLLECTIVE, None, None, 1, True),
        (NomineeKind.COLLECTIVE, None, None, 2, None),
    ],
)
def test_people_are_told_apart_by_birth_and_bodies_by_unit(
    kind: NomineeKind, born: date | None, other_born: date | None, unit: int, sure: bool | None
) -> None:
    units = {number: Unit(id=number) for number in (1, 2)}
    nominee = Nominee(kind=kind, name="A", born_on=born, dossier=Dossier(unit_id=1, unit=units[1]))
    other = Nominee(kind=kind, name="A", born_on=other_born, dossier=Dossier(unit_id=unit, unit=units[unit]))
    match = recognise(nominee, other)

    assert (match.is_sure if match else None) is sure


def test_a_body_of_a_unit_that_has_merged_is_held_against_but_not_for_sure() -> None:
    new = Unit(id=1)
    old = Unit(id=2, successor=new, handed_over_at=datetime(2026, 7, 1, tzinfo=UTC))
    kind = NomineeKind.COLLECTIVE
    nominee = Nominee(kind=kind, name="A", dossier=Dossier(unit_id=1, unit=new))
    other = Nominee(kind=kind, name="A", dossier=Dossier(unit_id=2, unit=old))

    match = recognise(nominee, other)

    assert match is not None
    assert not match.is_sure


# In words.


@pytest.mark.parametrize(
    ("verdicts", "said"),
    [
        ([], ("", "")),
        ([FAILED, FAILED, DOUBTFUL, MET], ("Không đạt 2, cần xem 1", "stop")),
        ([DOUBTFUL, TO_JUDGE], ("Cần xem 1", "warn")),
        ([TO_JUDGE, MET, MET], ("Đạt 2, chờ kết luận 1", "ok")),
        ([TO_JUDGE], ("Chờ kết luận 1", "info")),
    ],
)
def test_the_chip_says_the_worst(verdicts: list[FindingVerdict], said: tuple[str, str]) -> None:
    assert finding_words.chip([Finding("r", one, "", "", "", "") for one in verdicts], "vi") == said


def test_what_was_granted_before_is_one_line_by_name() -> None:
    earlier = [held(2025, is_declared=True), held(2024), held(2021, "own")]
    (line,) = finding_words.lines([], earlier, "en")

    assert line["text"] == (
        "Grassroots emulation fighter 2024 (Decision 01); 2025 (declared, not checked); "
        "Merit 2021 (Decision 01)."
    )
