"""The choice of units to inspect: the same facts and seed give the same units, and each has its grounds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from institution import MONDAY, Institution

from engine import database, people
from engine.calendar import Calendar, DayOverride
from engine.models import Person, RoleHolding, Unit
from processes.awards import clusters, inspection_choice
from processes.awards.errors import AnswerError
from processes.awards.inspection_choice import (
    ChoiceRule,
    choose_units,
    grounds_of,
    lot,
    propose_units,
    random_size,
    visit_slots,
)
from processes.awards.inspection_facts import UnitFacts, gather_unit_facts
from processes.awards.inspection_words import why_chosen
from processes.awards.models import (
    AppraisalOpinion,
    Dossier,
    Inspection,
    InspectionFinding,
    InspectionPlan,
    PlannedInspection,
    Remedy,
    RemedyState,
)

YEAR = 2027
COUNTS = some.integers(0, 5)
UNITS = some.lists(
    some.builds(
        UnitFacts,
        code=some.text("abcdefgh_", min_size=1, max_size=8),
        known_since_year=some.none() | some.integers(2015, 2026),
        last_inspected_year=some.none() | some.integers(2018, 2026),
        returned_dossiers=COUNTS,
        late_reports=COUNTS,
        open_remedies=COUNTS,
        late_remedies=COUNTS,
        complaints=COUNTS,
    ),
    max_size=40,
    unique_by=lambda one: one.code,
)
RULES = some.builds(
    ChoiceRule,
    years=some.integers(0, 6),
    late_remedies=COUNTS,
    open_remedies=COUNTS,
    returned_dossiers=COUNTS,
    complaints=COUNTS,
    late_reports=COUNTS,
    most_units=some.integers(0, 45),
    random_units=some.integers(0, 6),
    random_percent=some.integers(0, 100),
)


@settings(deadline=None)
@given(UNITS, RULES, some.text(max_size=8), some.randoms())
def test_the_same_seed_and_facts_choose_the_same_units_in_any_order(
    facts: list[UnitFacts], rule: ChoiceRule, seed: str, order: object
) -> None:
    chosen = choose_units(facts, rule, seed=seed, year=YEAR)
    facts.sort(key=lambda one: lot(f"{order}", YEAR, one.code))

    assert choose_units(facts, rule, seed=seed, year=YEAR) == chosen


@settings(deadline=None)
@given(UNITS, RULES, some.text(max_size=8))
def test_each_unit_is_chosen_once_and_on_grounds(facts: list[UnitFacts], rule: ChoiceRule, seed: str) -> None:
    chosen = choose_units(facts, rule, seed=seed, year=YEAR)

    codes = [choice.facts.code for choice in chosen]
    assert len(codes) == len(set(codes))
    assert all(choice.grounds for choice in chosen)


@settings(deadline=None)
@given(UNITS, RULES, some.text(max_size=8))
def test_no_unit_with_a_risk_sign_is_left_out_and_the_due_fill_what_time_there_is(
    facts: list[UnitFacts], rule: ChoiceRule, seed: str
) -> None:
    chosen = {choice.facts.code: choice.grounds for choice in choose_units(facts, rule, seed=seed, year=YEAR)}

    grounds = {one.code: list(grounds_of(one, rule, year=YEAR)) for one in facts}
    risky = {code for code, found in grounds.items() if _signs(found)}
    due = {code for code, found in grounds.items() if found} - risky
    assert risky <= set(chosen)
    assert len(due & set(chosen)) == min(len(due), max(0, rule.most_units - len(risky)))


@settings(deadline=None)
@given(UNITS, RULES, some.text(max_size=8))
def test_the_draw_takes_its_share_of_the_units_nothing_speaks_against(
    facts: list[UnitFacts], rule: ChoiceRule, seed: str
) -> None:
    drawn = {
        choice.facts.code
        for choice in choose_units(facts, rule, seed=seed, year=YEAR)
        if choice.grounds == ["random"]
    }

    rest = [one.code for one in facts if not list(grounds_of(one, rule, year=YEAR))]
    assert len(drawn) == random_size(len(rest), rule)
    assert drawn == set(sorted(rest, key=lambda code: lot(seed, YEAR, code))[: len(drawn)])


def _signs(grounds: Sequence[str]) -> list[str]:
    return [one for one in grounds if not one.startswith(("not_inspected", "never_inspected"))]


def test_a_lot_is_a_digest_anybody_can_compute() -> None:
    assert lot("5eed", YEAR, "so_y_te") == sha256(b"5eed:2027:so_y_te").hexdigest()


@pytest.mark.parametrize(
    ("rest", "rule", "size"),
    [
        (10, ChoiceRule(random_units=2, random_percent=0), 2),
        (10, ChoiceRule(random_units=2, random_percent=25), 3),
        (10, ChoiceRule(random_units=4, random_percent=25), 4),
        (1, ChoiceRule(random_units=2, random_percent=0), 1),
        (0, ChoiceRule(random_units=2, random_percent=50), 0),
    ],
)
def test_the_draw_takes_so_many_or_so_many_of_a_hundred(rest: int, rule: ChoiceRule, size: int) -> None:
    assert random_size(rest, rule) == size


@pytest.mark.parametrize(
    ("facts", "grounds"),
    [
        (UnitFacts("a", last_inspected_year=2024), ["not_inspected:3"]),
        (UnitFacts("a", last_inspected_year=2025), []),
        (UnitFacts("a"), ["never_inspected"]),
        (UnitFacts("a", known_since_year=2025), []),
        (UnitFacts("a", last_inspected_year=2026, returned_dossiers=3), ["returned_dossiers:3"]),
        (UnitFacts("a", last_inspected_year=2026, returned_dossiers=2), []),
        (UnitFacts("a", last_inspected_year=2026, late_reports=2), ["late_reports:2"]),
        (
            UnitFacts("a", last_inspected_year=2020, open_remedies=2, late_remedies=1),
            ["late_remedies:1", "open_remedies:2", "not_inspected:7"],
        ),
        (UnitFacts("a", last_inspected_year=2026, complaints=1), ["complaints:1"]),
    ],
)
def test_grounds_are_what_the_thresholds_say(facts: UnitFacts, grounds: list[str]) -> None:
    assert list(grounds_of(facts, ChoiceRule(), year=YEAR)) == grounds


def test_the_grounds_are_told_in_words_of_both_languages() -> None:
    grounds = ["late_remedies:1", "not_inspected:4"]

    assert why_chosen(grounds, "vi") == "1 việc khắc phục quá hạn; 4 năm chưa được kiểm tra."
    assert why_chosen(grounds, "en") == "Remedies past their day: 1; not inspected for 4 years."
    by_hand = why_chosen(["by_hand"], "vi", by_hand_reason="Theo chỉ đạo của Chủ tịch.")
    assert by_hand == "Do Ban Thi đua - Khen thưởng chọn thêm. Theo chỉ đạo của Chủ tịch."


@settings(deadline=None)
@given(some.integers(2026, 2035), some.integers(1, 60), some.integers(0, 30))
def test_days_are_working_days_outside_the_weeks_of_tet(year: int, count: int, notice_days: int) -> None:
    calendar = Calendar()
    slots = visit_slots(count, ChoiceRule(notice_days=notice_days), year=year, calendar=calendar)

    assert len(slots) == count
    assert slots == sorted(slots)
    for day in {day for slot in slots for day in slot}:
        assert calendar.is_working_day(day)
        week = [date.fromisocalendar(*day.isocalendar()[:2], weekday) for weekday in range(1, 8)]
        assert not any("Nguyên Đán" in calendar.holiday_name(one) for one in week)
    assert all(
        calendar.working_days_between(notice_on, visit_on) >= notice_days for notice_on, visit_on in slots
    )


def test_visits_are_spread_over_the_quarters() -> None:
    slots = visit_slots(8, ChoiceRule(), year=YEAR, calendar=Calendar())

    quarters = [(visit_on.month + 2) // 3 for _notice_on, visit_on in slots]
    assert quarters == [1, 1, 2, 2, 3, 3, 4, 4]


def test_a_plan_made_in_the_year_uses_what_is_left_of_it() -> None:
    slots = visit_slots(5, ChoiceRule(), year=2026, calendar=Calendar(), not_before=date(2026, 8, 3))

    assert min(notice_on for notice_on, _visit_on in slots) >= date(2026, 8, 3)
    assert max(visit_on for _notice_on, visit_on in slots) <= date(2026, 11, 15)
    with pytest.raises(AnswerError, match="no day left"):
        visit_slots(1, ChoiceRule(), year=2026, calendar=Calendar(), not_before=date(2026, 11, 2))


def test_a_feast_put_off_by_decision_is_kept_free_of_visits() -> None:
    day = date(2026, 6, 10)
    calendar = Calendar({day: DayOverride(is_working=False, name="Nghỉ bù Tết Nguyên Đán")})
    slots = visit_slots(300, ChoiceRule(), year=2026, calendar=calendar)

    assert day - timedelta(days=1) not in {visit_on for _notice_on, visit_on in slots}


def test_units_of_a_cluster_that_crosses_are_inspected_by_one_of_it() -> None:
    facts = [
        UnitFacts("a", cluster="cum_1", inspected_by="b"),
        UnitFacts("c", cluster="cum_2", inspected_by="d"),
    ]
    found = propose_units(facts, ChoiceRule(cross_clusters=("cum_1",)), seed="s", year=YEAR)

    assert {one.unit_code: one.inspecting_unit_code for one in found} == {"a": "b", "c": ""}


@settings(deadline=None)
@given(some.integers(2, 12), some.integers(2020, 2060))
def test_in_a_ring_each_inspects_one_other_and_is_inspected_once(count: int, year: int) -> None:
    codes = [f"unit_{number}" for number in range(count)]
    pairs = clusters.ring(codes, year=year)

    assert set(pairs) == set(pairs.values()) == set(codes)
    assert all(inspected != inspector for inspected, inspector in pairs.items())


def test_a_rule_is_read_as_it_is_kept() -> None:
    rule = ChoiceRule(years=5, random_percent=10, cross_clusters=("cum_1",))

    assert ChoiceRule.read(rule.as_json()) == rule
    assert ChoiceRule.read({"years": "drop", "random_units": -1}) == ChoiceRule()


# What the database knows.


def _plan(city: Institution, **rule: object) -> int:
    with database.transaction(city.factory) as session:
        plan = InspectionPlan(code="KHKT-2027", year=YEAR, rule=dict(rule), seed="5eed", drafted_at=MONDAY)
        session.add(plan)
        session.flush()
        inspection_choice.propose(session, plan, now=MONDAY)
        return plan.id


def _unit(city: Institution, code: str, **columns: object) -> int:
    with database.transaction(city.factory) as session:
        unit = people.create_unit(session, code=code, name=code, kind="department")
        for name, value in columns.items():
            setattr(unit, name, value)
        session.add(
            RoleHolding(
                person=session.query(Person).filter_by(username="officer").one(),
                role="unit_head",
                unit=unit,
                starts_on=date(2026, 1, 1),
            )
        )
        session.flush()
        return unit.id


def _facts_of(city: Institution) -> dict[str, UnitFacts]:
    with database.transaction(city.factory) as session:
        found = gather_unit_facts(session, year=YEAR, on=people.local_day(MONDAY))
        return {one.code: one for one in found}


def _inspection(unit_id: int, **columns: object) -> Inspection:
    return Inspection(code=f"KT-{unit_id}", unit_id=unit_id, topic="", report={}, opened_at=MONDAY, **columns)


def test_facts_are_counted_from_what_happened(city: Institution) -> None:
    unit_id = _unit(city, "so_van_hoa")
    officer = city.staff["officer"]
    with database.transaction(city.factory) as session:
        dossier = Dossier(code="HS-1", unit_id=unit_id, created_at=MONDAY, created_by_id=officer)
        found = _inspection(unit_id, report_due_on=date(2026, 11, 20))
        found.remedies = [
            Remedy(position=1, text="Lưu hồ sơ", due_on=date(2026, 11, 20)),
            Remedy(position=2, text="Lập sổ", due_on=date(2026, 12, 20)),
            Remedy(
                position=3,
                text="Khen người trực tiếp lao động",
                due_on=date(2026, 11, 20),
                state=RemedyState.VERIFIED,
                reported_at=MONDAY - timedelta(days=5),
                verified_at=MONDAY,
            ),
        ]
        found.findings = [
            InspectionFinding(position=1, topic="complaints", is_shortcoming=True, text="2 đơn")
        ]
        session.add_all([dossier, found])
        session.flush()
        session.add_all(
            AppraisalOpinion(
                dossier_id=dossier.id,
                turn=turn,
                step="receive_dossier",
                verdict="send_back",
                text="Thiếu biên bản.",
                author_id=officer,
                written_at=MONDAY - timedelta(days=age),
            )
            for turn, age in ((1, 30), (2, 20), (3, 500))
        )

    assert _facts_of(city)["so_van_hoa"] == UnitFacts(
        "so_van_hoa",
        last_inspected_year=2026,
        returned_dossiers=1,
        late_reports=1,
        open_remedies=2,
        late_remedies=1,
        complaints=1,
        has_officer=False,
        has_head=True,
    )


def test_a_successor_answers_for_what_the_abolished_unit_left(city: Institution) -> None:
    heir = _unit(city, "so_moi")
    old = _unit(city, "so_cu", valid_until=date(2026, 10, 31), successor_id=heir)
    with database.transaction(city.factory) as session:
        found = _inspection(old)
        found.remedies = [Remedy(position=1, text="Lưu hồ sơ", due_on=date(2026, 12, 20))]
        session.add(found)

    facts = _facts_of(city)
    assert "so_cu" not in facts
    assert facts["so_moi"].open_remedies == 1
    assert facts["so_moi"].last_inspected_year == 2026


def test_members_of_clusters_are_inspected_even_without_an_officer(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        cluster = clusters.add_cluster(session, code="cum_1", name="Cụm 1")
        lonely = people.create_unit(session, code="xa_vang", name="Xã Vắng", kind="commune")
        health = session.query(Unit).filter_by(code="so_y_te").one()
        clusters.set_members(session, cluster, [health, lonely])

    facts = _facts_of(city)
    assert (facts["xa_vang"].has_officer, facts["xa_vang"].has_head) == (False, False)
    assert facts["xa_vang"].inspected_by == "so_y_te"
    assert "so_noi_vu" not in facts


def test_an_abolished_member_of_a_cluster_inspects_nobody(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        cluster = clusters.add_cluster(session, code="cum_1", name="Cụm 1")
        codes = ("xa_1", "xa_2", "xa_cu")
        units = [people.create_unit(session, code=code, name=code, kind="commune") for code in codes]
        clusters.set_members(session, cluster, units)
        units[2].valid_until = date(YEAR, 6, 30)

        assert clusters.inspectors_of(cluster, year=YEAR) == {"xa_1": "xa_2", "xa_2": "xa_1"}
        assert set(clusters.inspectors_of(cluster, year=YEAR - 1)) == set(codes)


def test_a_proposal_is_written_with_its_facts_and_can_be_drawn_again(city: Institution) -> None:
    for number in range(6):
        _unit(city, f"so_{number}", valid_from=date(2026, 1, 1))
    plan_id = _plan(city, random_units=3)

    with database.transaction(city.factory) as session:
        plan = session.get_one(InspectionPlan, plan_id)
        for number in range(6):
            session.add(_inspection(session.query(Unit).filter_by(code=f"so_{number}").one().id))
        session.flush()
        again = {choice.facts.code: choice.grounds for choice in inspection_choice.draw_again(plan)}
        assert {line.unit.code: line.grounds for line in plan.lines} == again
        assert sum(grounds == ["random"] for grounds in again.values()) == 3


def test_a_proposal_made_again_keeps_what_was_added_by_hand(city: Institution) -> None:
    unit_id = _unit(city, "so_van_hoa", valid_from=date(2026, 1, 1))
    plan_id = _plan(city, random_units=0)
    with database.transaction(city.factory) as session:
        plan = session.get_one(InspectionPlan, plan_id)
        assert [line.unit.code for line in plan.lines] == ["so_y_te"]
        plan.lines.append(
            PlannedInspection(
                unit_id=unit_id,
                grounds=["by_hand"],
                by_hand_reason="Có đơn thư.",
                notice_on=date(2027, 3, 1),
                visit_on=date(2027, 4, 1),
            )
        )
        session.flush()
        inspection_choice.propose(session, plan, now=MONDAY)
        assert sorted(line.unit.code for line in plan.lines) == ["so_van_hoa", "so_y_te"]


def test_a_unit_belongs_to_one_cluster(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        health = session.query(Unit).filter_by(code="so_y_te").one()
        first = clusters.add_cluster(session, code="cum_1", name="Cụm 1")
        second = clusters.add_cluster(session, code="cum_2", name="Cụm 2")
        clusters.set_members(session, first, [health])
        with pytest.raises(AnswerError, match="belongs to Cụm 1"):
            clusters.set_members(session, second, [health])


def test_thresholds_of_nought_turn_a_sign_off() -> None:
    rule = replace(ChoiceRule(), years=0, open_remedies=0)

    assert list(grounds_of(UnitFacts("a", open_remedies=4), rule, year=YEAR)) == []
