"""What the forms of inspections and their plans ask for is what the steps behind them take."""

from collections.abc import Mapping

from institution import Institution
from sqlalchemy import select

from engine import calendar, clock, database, definitions, instances, tasks
from engine.dry_runs.answers import Filler
from engine.feel import Environment, Value
from engine.forms import Answers
from engine.models import Task, TaskState
from engine.setup import FormCall
from processes import wiring


def filled(city: Institution, name: str, picks: Mapping[str, str]) -> Answers:
    """Fill the form of the open task as a person would, with ``picks`` chosen."""
    with database.transaction(city.factory) as session:
        task = session.scalars(select(Task).where(Task.state == TaskState.OPEN)).one()
        source = wiring.FORM_SOURCES[tasks.element_of(session, task).properties["values"]]
        variables, reader = tasks.variables_of(session, task), city.person(session, name)
        initial: Mapping[str, Value] = source(
            FormCall(session, task.instance, task, variables, reader, city.now)
        )
        form = definitions.form_of(session, task.instance.version_id, task.form_id or "")
        environment = Environment(now=city.now, calendar=calendar.load_calendar(session))
    filler = Filler(form, {**variables, **initial}, environment, lambda _: [], lambda: city.add_paper(name))
    return filler.fill(picks).answers


def hand_in(city: Institution, name: str, element_id: str, **picks: str) -> None:
    """Hand in what the form of the open task gives."""
    answers = filled(city, name, {field.replace("__", "."): text for field, text in picks.items()})
    assert answers.errors == {}, (element_id, answers.errors)
    city.complete(name, element_id, **answers.values)


def test_an_inspection_is_walked_by_its_forms(city: Institution) -> None:
    city.inspect()
    city.complete("officer", "submit_self_report", **report(city))
    hand_in(city, "head", "sign_self_report", report_outcome="sign")
    hand_in(city, "inspector", "review_self_report", review_outcome="send_back")
    city.complete("officer", "submit_self_report", **report(city))
    hand_in(city, "head", "sign_self_report", report_outcome="sign")
    hand_in(city, "inspector", "review_self_report", review_outcome="accept")
    leader, secretary = str(city.staff["inspector"]), str(city.staff["appraiser"])
    hand_in(city, "agency", "appoint_team", team_leader=leader, team_secretary=secretary)
    postponed = {"visit_at.date": "2026-12-22", "visit_at.time": "09:00"}
    hand_in(city, "appraiser", "write_minutes", visit_outcome="postpone", **postponed)
    city.later(days=30)
    found = {"findings.0.text": "Đủ", "findings.5.text": "Thiếu", "findings.5.is_shortcoming": "true"}
    hand_in(city, "appraiser", "write_minutes", visit_outcome="done", **found)
    hand_in(city, "head", "sign_minutes_unit")
    hand_in(city, "inspector", "sign_minutes_team", minutes_outcome="sign")
    city.conclude(("Lập sổ", city.in_office(20).astimezone(clock.CITY_ZONE).date()))
    hand_in(city, "officer", "report_remedy")
    hand_in(city, "inspector", "verify_remedy", remedy_outcome="send_back")
    hand_in(city, "officer", "report_remedy")
    hand_in(city, "inspector", "verify_remedy", remedy_outcome="verify")

    assert city.outcome("inspection") == "inspection_closed"


def report(city: Institution) -> Mapping[str, object]:
    """Fill the self-report, with a file as evidence."""
    answers = filled(city, "officer", {})
    assert answers.errors == {}
    return {**answers.values, "movements_files": [city.add_paper("officer")]}


def test_a_conclusion_asks_for_what_is_to_be_mended_row_by_row(city: Institution) -> None:
    city.to_conclusion()
    nothing = filled(city, "agency", {})
    assert (nothing.errors, nothing.values["remedies"]) == ({}, [])

    one = filled(city, "agency", {"remedies.rows": "0", "holds_awards": "true"})

    assert list(one.values["remedies"][0]) == ["text", "due_on"]  # type: ignore[index,arg-type]  # a row
    assert one.values["hold_reason"]


def test_a_plan_is_walked_by_its_forms(city: Institution) -> None:
    with database.transaction(city.factory) as session:
        instances.start(session, "inspection_plan", variables={}, actor=None, now=city.now)
    hand_in(city, "inspector", "draft_plan", lines__0__inspecting_unit="")
    hand_in(city, "agency", "review_plan", review_outcome="submit")
    hand_in(city, "chairman", "approve_plan", approval_outcome="send_back")
    hand_in(city, "inspector", "draft_plan", lines__0__inspecting_unit="")
    hand_in(city, "agency", "review_plan", review_outcome="submit")
    hand_in(city, "chairman", "approve_plan", approval_outcome="approve")
    city.later(days=380)
    hand_in(city, "inspector", "summarise_plan")
    hand_in(city, "agency", "sign_summary", summary_outcome="sign")

    assert city.outcome("inspection_plan") == "year_summarised"
