"""Votes, bonuses and rule sets, figure by figure."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from processes.awards import catalogue, rules
from processes.awards.models import AwardKind, BallotKind, RuleSet, VoteBase
from processes.awards.rules import VoteRule

NINETY = VoteRule(90, must_exceed=False, base=VoteBase.ALL_MEMBERS)
MAJORITY = VoteRule(50, must_exceed=True, base=VoteBase.ALL_MEMBERS)


@pytest.mark.parametrize(
    ("rule", "base", "votes"),
    [
        (NINETY, 21, 19),
        (NINETY, 20, 18),
        (NINETY, 10, 9),
        (NINETY, 9, 9),
        (NINETY, 1, 1),
        (MAJORITY, 21, 11),
        (MAJORITY, 20, 11),
        (MAJORITY, 1, 1),
        (VoteRule(80, must_exceed=False, base=VoteBase.PRESENT), 15, 12),
        (VoteRule(80, must_exceed=False, base=VoteBase.PRESENT), 16, 13),
        (VoteRule(100, must_exceed=False, base=VoteBase.ALL_MEMBERS), 9, 9),
    ],
)
def test_the_votes_needed_are_the_share_rounded_up(rule: VoteRule, base: int, votes: int) -> None:
    assert rules.required_votes(rule, base) == votes
    assert rules.is_passed(rule, agree=votes, base=base)
    assert not rules.is_passed(rule, agree=votes - 1, base=base)


def test_exactly_half_is_no_majority() -> None:
    assert not rules.is_passed(MAJORITY, agree=10, base=20)


def test_nobody_entitled_passes_nothing() -> None:
    assert not rules.is_passed(MAJORITY, agree=0, base=0)


@pytest.mark.parametrize(("members", "needed"), [(9, 6), (10, 7), (3, 2), (21, 14)])
def test_a_quorum_is_two_thirds(members: int, needed: int) -> None:
    assert rules.quorum(members, 67) == needed


@pytest.mark.parametrize(
    ("multiple", "salary", "amount"),
    [
        ("0.3", 2_530_000, 760_000),
        ("1.0", 2_530_000, 2_530_000),
        ("3.0", 2_530_000, 7_590_000),
        ("1.5", 2_530_000, 3_800_000),
        ("8.0", 2_530_000, 20_240_000),
        ("0.3", 2_340_000, 710_000),
        ("3.0", 2_340_000, 7_020_000),
    ],
)
def test_bonuses_are_rounded_up_to_ten_thousand(multiple: str, salary: int, amount: int) -> None:
    assert rules.bonus(Decimal(multiple), salary) == amount


def test_rounding_to_the_nearest_is_a_setting() -> None:
    assert rules.bonus(Decimal("0.15"), 1_490_000, "nearest") == 220_000
    assert rules.bonus(None, 1_490_000) == 0


def test_the_sentence_of_a_rule_says_how_many_of_how_many() -> None:
    vi, en = rules.vote_sentence(NINETY, 21)

    assert "19 trên 21" in vi
    assert "19 of 21" in en


def test_the_catalogue_has_43_awards_of_two_kinds(session: Session) -> None:
    catalogue.load_catalogue(session)
    young, old = catalogue.find_rule_sets(session)

    assert len(catalogue.find_awards(session, young)) == 43
    assert len(catalogue.find_awards(session, old)) == 43
    kinds = {rule.award.slug: rule.award.kind for rule in catalogue.find_awards(session, young)}
    assert kinds["cstd_tinh"] is AwardKind.TITLE
    assert kinds["bang_khen_tinh_cong_trang"] is AwardKind.COMMENDATION_FORM


def test_loading_twice_adds_nothing(session: Session) -> None:
    catalogue.load_catalogue(session)
    catalogue.load_catalogue(session)

    assert len(catalogue.find_rule_sets(session)) == 2


def test_a_city_fighter_needs_ninety_percent_of_all_in_a_secret_ballot(session: Session) -> None:
    catalogue.load_catalogue(session)
    rule_set = catalogue.rule_set_on(session, date(2026, 11, 23))
    rule = next(rule for rule in catalogue.find_awards(session, rule_set) if rule.award.slug == "cstd_tinh")

    assert (rule.threshold_percent, rule.base) == (90, VoteBase.ALL_MEMBERS)
    assert rule.ballot is BallotKind.SECRET
    assert "chung_nhan_sang_kien" in rule.documents
    assert rule.article.startswith("Điều 22")


@pytest.mark.parametrize(("day", "code"), [(date(2026, 9, 30), "2025-07"), (date(2026, 10, 1), "2026-10")])
def test_the_rule_set_is_that_of_the_day(session: Session, day: date, code: str) -> None:
    catalogue.load_catalogue(session)

    assert catalogue.rule_set_on(session, day).code == code


def test_the_base_salary_changes_within_a_rule_set() -> None:
    rule_set = RuleSet(base_salary=2_340_000, base_salary_steps={"2026-07-01": 2_530_000})

    assert rules.base_salary_on(rule_set, date(2026, 6, 30)) == 2_340_000
    assert rules.base_salary_on(rule_set, date(2026, 7, 1)) == 2_530_000
