"""Pure rules of voting, bonuses and documents; each figure comes from a dated rule set."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from processes.awards.models import NomineeKind, RuleSet, VoteBase

BONUS_STEP = 10_000
"""Bonuses are rounded to ten thousand đồng (Decree 98/2023, chapter on bonuses, carried over)."""


@dataclass(frozen=True)
class VoteRule:
    """How many must agree. ``must_exceed``: more than the share, else at least the share."""

    threshold_percent: int
    must_exceed: bool
    base: VoteBase


def base_count(rule: VoteRule, *, entitled: int, present: int) -> int:
    """Return the number the share is taken of: members entitled to vote on the line, or those present."""
    return entitled if rule.base is VoteBase.ALL_MEMBERS else present


def required_votes(rule: VoteRule, base: int) -> int:
    """Return the fewest votes in favour that pass.

    At least a share: the share rounded up, so that exactly the share passes. More than a share (a majority):
    one more than the share rounded down, so that exactly half does not pass.
    """
    votes = rule.threshold_percent * base
    return votes // 100 + 1 if rule.must_exceed else -(-votes // 100)


def is_passed(rule: VoteRule, *, agree: int, base: int) -> bool:
    """Whether ``agree`` votes carry the line; with nobody entitled nothing is carried."""
    return base > 0 and agree >= required_votes(rule, base)


def quorum(members: int, percent: int) -> int:
    """Return how many members must be present; two thirds is kept exactly as 67 percent stands for it."""
    return -(-2 * members // 3) if percent == 67 else -(-percent * members // 100)  # noqa: PLR2004  # two thirds


def bonus(multiple: Decimal | None, base_salary: int, rounding: str = "up") -> int:
    """Return a bonus in đồng: multiple times base salary, rounded to ten thousand.

    Decree 152/2025, article 54: the base salary in force on the day of the decision.
    """
    if multiple is None:
        return 0
    steps = multiple * base_salary / BONUS_STEP
    mode = ROUND_HALF_UP if rounding == "nearest" else ROUND_CEILING
    return int(steps.to_integral_value(mode)) * BONUS_STEP


def base_salary_on(rule_set: RuleSet, day: date) -> int:
    """Return the base salary in đồng in force on ``day``."""
    salary = rule_set.base_salary
    for starts_on, amount in sorted(rule_set.base_salary_steps.items()):
        if date.fromisoformat(starts_on) <= day:
            salary = int(amount)
    return salary


def multiple_for(kind: NomineeKind, individual: Decimal | None, collective: Decimal | None) -> Decimal | None:
    """Return the multiple of base salary that a person or a body receives."""
    return individual if kind is NomineeKind.INDIVIDUAL else collective


def in_force(rule_sets: Iterable[RuleSet], day: date) -> RuleSet | None:
    """Return the rule set in force on ``day``; the youngest where two overlap."""
    fitting = [
        rules
        for rules in rule_sets
        if rules.starts_on <= day and (rules.ends_on is None or day <= rules.ends_on)
    ]
    return max(fitting, key=lambda rules: rules.starts_on, default=None)


def missing_documents(required: Iterable[str], present: Collection[str]) -> list[str]:
    """Return the kinds of documents that the rule names and the dossier lacks (Law 06/2022, article 84)."""
    return [kind for kind in required if kind not in present]


def vote_sentence(rule: VoteRule, base: int) -> tuple[str, str]:
    """Return in Vietnamese and English what passes, e.g. at least 19 of 21 votes (90 percent)."""
    votes = required_votes(rule, base)
    of_vi = (
        "tổng số thành viên có quyền bỏ phiếu"
        if rule.base is VoteBase.ALL_MEMBERS
        else "số thành viên có mặt"
    )
    of_en = "all members entitled to vote" if rule.base is VoteBase.ALL_MEMBERS else "members present"
    share_vi = "quá nửa" if rule.must_exceed else f"{rule.threshold_percent}%"
    share_en = "more than half of" if rule.must_exceed else f"{rule.threshold_percent}% of"
    return (
        f"Được thông qua khi có ít nhất {votes} trên {base} phiếu đồng ý ({share_vi} {of_vi}).",
        f"Passed with at least {votes} of {base} votes in favour ({share_en} {of_en}).",
    )
