"""Walks that together take every flow of a directive, of its tasks and of the reports on it."""

from collections.abc import Callable, Mapping
from typing import Final

import directive_moves as moves
from institution import Institution

REASON: Final = "Chưa rõ số liệu."


def a_directive_comes_back_and_ends_with_its_tasks(city: Institution) -> None:
    moves.begin(city, "directive", "directive_received")
    city.complete("appraiser", "enter_directive", **moves.entry(city))
    city.complete("agency", "approve_distribution", approval_outcome="send_back", reason=REASON)
    task = moves.task_row(city)
    city.complete("appraiser", "enter_directive", **moves.entry(city, tasks=[task, task]))
    city.complete("agency", "approve_distribution", approval_outcome="approve")
    moves.cancel(city)
    moves.cancel(city)
    moves.sum_up(city)


def a_directive_reaches_its_closing_day(city: Institution) -> None:
    moves.send(city)
    moves.until(city, "draft_report")
    moves.sum_up(city)


def a_task_comes_back_from_everybody_and_is_done(city: Institution) -> None:
    moves.send(city)
    moves.until(city, "report_progress")
    city.complete("officer", "report_progress", **moves.answers())
    city.complete("head", "sign_report", signature_outcome="send_back", reason=REASON)
    moves.report(city, outcome="send_back")
    moves.report(city)
    moves.finish(city)


def a_task_is_given_more_time_twice_and_ends_late(city: Institution) -> None:
    moves.send(city)
    moves.ask_extension(city)
    city.complete("agency", "decide_extension", extension_outcome="refuse", answer=REASON)
    moves.report_until(city, days=195)
    moves.grant_extension(city, days=30)
    moves.report_until(city, days=60)


def a_report_day_moves_while_it_is_waited_for(city: Institution) -> None:
    moves.send(city, tasks=[moves.task_row(city, rhythm="once")])
    moves.grant_extension(city)
    city.later(days=220)
    moves.finish(city)


def a_task_is_taken_back(city: Institution) -> None:
    moves.send(city)
    moves.cancel(city)


def a_report_is_begun_by_hand_and_comes_back(city: Institution) -> None:
    moves.send(city)
    moves.begin(city, "directive_report", "report_wanted")
    moves.choose(city)
    city.complete("appraiser", "draft_report", assessment="Tốt.", proposals="Không có.")
    city.complete("agency", "sign_report", signature_outcome="send_back", reason=REASON)
    moves.sum_up(city)


def a_report_is_begun_by_the_end_of_a_directive(city: Institution) -> None:
    moves.send(city)
    moves.cancel(city)
    moves.sum_up(city)


WALKS: Final[Mapping[str, tuple[Callable[[Institution], None], ...]]] = {
    "directive": (a_directive_comes_back_and_ends_with_its_tasks, a_directive_reaches_its_closing_day),
    "directive_task": (
        a_task_comes_back_from_everybody_and_is_done,
        a_report_day_moves_while_it_is_waited_for,
        a_task_is_taken_back,
        a_task_is_given_more_time_twice_and_ends_late,
    ),
    "directive_report": (
        a_report_is_begun_by_hand_and_comes_back,
        a_report_is_begun_by_the_end_of_a_directive,
    ),
}
"""By the diagram whose flows they take."""
