"""What cannot be entered of a directive is told at its field, in both languages, and nothing is written."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

import directive_moves as moves
import pytest
from institution import Institution

from engine import database, instances, people
from processes.awards.errors import AnswerError
from processes.awards.models import DirectiveState
from processes.directive.checking import Problem, problems_of
from processes.directive.entry import read_entry

Change = Callable[[Institution], dict[str, object]]


def _task(**changes: object) -> Change:
    return lambda city: {"tasks": [moves.task_row(city, **changes)]}


def _target(**changes: object) -> Change:
    return lambda _city: {"targets": [moves.target_row(**changes)]}


def _recipient(**changes: object) -> Change:
    return lambda _city: {"recipients": [{"name": "Nơi nhận"} | changes]}


def _day(days: int) -> Callable[[Institution], date]:
    return lambda city: people.local_day(city.now) + timedelta(days=days)


BAD: Final[list[tuple[str, Change]]] = [
    ("number", lambda _city: {"number": " "}),
    ("subject", lambda _city: {"subject": ""}),
    ("signer", lambda _city: {"signer": None}),
    ("issued_on", lambda city: {"issued_on": _day(1)(city)}),
    ("closes_on", lambda city: {"closes_on": _day(0)(city)}),
    ("closes_on", lambda _city: {"closes_on": None}),
    ("items", lambda _city: {"items": []}),
    ("items.1.text", lambda _city: {"items": [{"text": ""}]}),
    ("tasks", lambda _city: {"tasks": [], "targets": []}),
    ("tasks.1.name", _task(name="")),
    ("tasks.1.item_number", _task(item_number=Decimal(2))),
    ("tasks.1.lead_unit", _task(lead_unit="")),
    ("tasks.1.lead_unit", _task(lead_unit="so_noi_vu", partners=[])),  # nobody holds a role there
    ("tasks.1.partners", _task(partners=["so_y_te"])),
    ("tasks.1.partners", _task(partners=["no_such_unit"])),
    ("tasks.1.due_on", lambda city: _task(due_on=_day(-5)(city))(city)),
    ("tasks.1.due_on", lambda city: _task(due_on=_day(0)(city), starts_on=_day(-9)(city))(city)),
    ("tasks.1.due_on", lambda city: _task(due_on=_day(900)(city))(city)),
    ("tasks.1.due_on", _task(due_on=None)),
    ("tasks.1.starts_on", _task(starts_on=None)),
    ("tasks.1.rhythm", _task(rhythm="weekly")),
    ("tasks.1.rhythm", lambda city: _task(rhythm="yearly", due_on=_day(20)(city))(city)),
    ("targets.1.task", _target(task=Decimal(7))),
    ("targets.1.name", _target(name="")),
    ("targets.1.measure", _target(measure="")),
    ("targets.1.lowest", _target(lowest=None, highest=None)),
    ("targets.1.lowest", _target(lowest="eleven", highest=None)),
    ("targets.1.highest", _target(highest=Decimal(11))),
    ("targets.1.highest", _target(highest=Decimal(10) ** 20)),
    ("recipients", lambda _city: {"recipients": []}),
    ("recipients.1.name", _recipient(name="", group="inspector")),
    ("recipients.1.group", _recipient()),
    ("recipients.1.group", _recipient(group="no_such_role")),
    ("recipients.1.group", _recipient(group="unit_head@no_such_unit")),
    ("recipients.1.group", _recipient(group="unit_head")),  # held in units, and none is named
    ("recipients.1.group", _recipient(group="auditor")),  # nobody holds it
    ("recipients.1.address", _recipient(address="not an address")),
    ("recipients.1.address", _recipient(group="inspector", address="x@example.org")),
]


def _problems(city: Institution, changes: dict[str, object]) -> list[Problem]:
    answers = instances.as_context(moves.entry(city, number="01/CT-UBND") | changes)
    with database.transaction(city.factory) as session:
        today = people.local_day(city.now)
        return problems_of(session, read_entry(answers), directive_id=None, today=today)


def test_a_directive_without_problems_may_go_to_approval(city: Institution) -> None:
    assert _problems(city, {}) == []


@pytest.mark.parametrize(("place", "change"), BAD)
def test_a_problem_is_told_at_its_field(city: Institution, place: str, change: Change) -> None:
    found = _problems(city, change(city))

    assert {problem.place for problem in found} == {place}
    assert all(problem.vi and problem.en for problem in found)


def test_a_number_is_entered_once(city: Institution) -> None:
    moves.send(city)

    assert [problem.place for problem in _problems(city, {"number": "01/CT-UBND"})] == ["number"]


def test_a_lead_unit_that_was_abolished_is_named_with_its_heir(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        home, health = people.find_unit(session, "so_noi_vu"), people.find_unit(session, "so_y_te")
        assert home is not None
        home.valid_until, home.successor = people.local_day(city.now) - timedelta(days=1), health

    found = _problems(city, _task(lead_unit="so_noi_vu", partners=[])(city))

    assert [problem.vi for problem in found] == ["Sở Nội vụ đã thôi hoạt động; chọn Sở Y tế."]


def test_what_is_wrong_is_refused_and_nothing_is_written(city: Institution) -> None:
    moves.begin(city, "directive", "directive_received")

    with pytest.raises(AnswerError, match="Task 1: "):
        city.complete("appraiser", "enter_directive", **moves.entry(city, **_task(lead_unit="")(city)))

    assert city.open_elements() == ["enter_directive"]
    city.complete("appraiser", "enter_directive", **moves.entry(city))
    assert city.open_elements() == ["approve_distribution"]


def test_what_comes_back_keeps_its_rows_and_is_entered_anew(city: Institution) -> None:
    moves.begin(city, "directive", "directive_received")
    city.complete("appraiser", "enter_directive", **moves.entry(city))
    city.complete("agency", "approve_distribution", approval_outcome="send_back", reason="Thiếu nơi nhận.")
    with database.transaction(city.factory) as session:
        directive = moves.the_directive(session)
        assert (directive.state, directive.review_note) == (DirectiveState.DRAFT, "Thiếu nơi nhận.")
        assert [target.name for task in directive.tasks for target in task.targets] == ["Tốc độ tăng GRDP"]

    changed = moves.entry(city, number="02/CT-UBND", targets=[])
    city.complete("appraiser", "enter_directive", **changed)

    with database.transaction(city.factory) as session:
        directive = moves.the_directive(session)
        assert (directive.number, len(directive.tasks), directive.tasks[0].targets) == ("02/CT-UBND", 1, [])
