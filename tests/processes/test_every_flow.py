"""Leaves no sequence flow of any diagram unwalked: its walks take them all, or the test names the others."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import pytest
from directive_walks import WALKS as DIRECTIVE_WALKS
from institution import Institution
from sqlalchemy import select

from engine import database, instances, people, setup
from engine.ingest import read_diagram
from engine.models import ProcessInstance
from processes import wiring
from processes.awards import ballot_keys
from processes.awards.models import Choice, InspectionPlan
from processes.inspection_plan import changing

SIMPLIFIED = "bang_khen_tinh_dot_xuat"
REASON = "Chưa rõ thành tích."
LATER = date(2026, 12, 31)


def a_dossier_comes_back_from_everybody_who_may_return_it(city: Institution) -> None:
    dossier_id = city.begin()
    city.prepare("Trần Thị Bình")
    city.complete("head", "sign_submission", submission_outcome="send_back", reason=REASON)
    city.prepare("Trần Thị Bình")
    city.complete("head", "sign_submission", submission_outcome="sign", submission_number="1/TTr-SYT")
    city.complete("appraiser", "receive_dossier", receipt_outcome="send_back", reason=REASON)
    city.prepare("Trần Thị Bình")
    city.complete("head", "sign_submission", submission_outcome="sign", submission_number="2/TTr-SYT")
    city.complete("appraiser", "receive_dossier", receipt_outcome="receive")
    city.appraise(dossier_id, {"Trần Thị Bình": "supplement"}, supplement_due_on=LATER)
    city.complete("officer", "supplement_dossier", supplement_note="Đã gửi.", supplement_files=[])
    city.appraise(dossier_id, {})
    city.complete("agency", "approve_appraisal", approval_outcome="send_back", reason=REASON)
    city.appraise(dossier_id, {"Trần Thị Bình": "reject"})
    city.complete("agency", "approve_appraisal", approval_outcome="approve")


def the_council_passes_one_dossier_and_refuses_another(city: Institution) -> None:
    for choice in (Choice.AGREE, Choice.DISAGREE):
        session_id = city.call_council(city.to_council("Lê Văn An"))
        city.vote_all(session_id, choice)
        city.finish_council()


def the_chairman_grants_refuses_and_leaves_for_later(city: Institution) -> None:
    city.to_council("Phạm Thị Cúc", "Hoàng Văn Đức", award=SIMPLIFIED)
    city.to_council("Vũ Thị Hà", award=SIMPLIFIED)
    city.draft()
    city.sign(pulled=[city.pulled("Hoàng Văn Đức", "later"), city.pulled("Vũ Thị Hà", "refused")])
    city.number()
    city.draft()
    city.sign()
    city.number()


def the_unit_withdraws(city: Institution) -> None:
    city.withdraw(city.submit("Đỗ Thị Lan"), "head")


def the_council_meets_again_and_votes_again(city: Institution) -> None:
    """It has no quorum at first, then loses the key of its ballot."""
    dossier_id = city.to_council("Trần Thị Bình")
    session_id = city.call_session()
    city.make_agenda(dossier_id)
    city.complete("secretary", "open_session", present_members=city.members()[:1])
    city.make_agenda(dossier_id)
    city.complete("secretary", "open_session", present_members=city.members())
    city.vote_all(session_id, Choice.AGREE)
    with database.transaction(city.factory) as session:
        ballot_keys.destroy_keys(setup.of(session).keys, session_id)
    city.complete("secretary", "close_voting")
    city.vote_all(session_id, Choice.AGREE)
    city.finish_council()


def the_ballot_closes_at_its_hour(city: Institution) -> None:
    city.vote_all(city.call_council(city.to_council("Lê Văn An")), Choice.AGREE)
    city.later(hours=5)


def a_decision_comes_back_until_nobody_is_left_in_it(city: Institution) -> None:
    dossier_id = city.to_council("Trần Thị Bình", award=SIMPLIFIED)
    city.draft()
    city.complete("agency", "submit_decision", submission_note="")
    city.withdraw(dossier_id, "head")
    city.complete("chairman", "sign_decision", outcome="send_back", reason=REASON)


def a_decision_is_issued(city: Institution) -> None:
    city.to_council("Lê Văn An", award=SIMPLIFIED)
    city.draft()
    city.sign()
    city.number()


def an_inspection_finds_nothing_to_mend(city: Institution) -> None:
    city.to_conclusion()
    city.conclude()


def everything_in_an_inspection_falls_short_at_first(city: Institution) -> None:
    city.inspect()
    city.self_report()
    city.complete("head", "sign_self_report", report_outcome="send_back", reason=REASON)
    city.self_report()
    city.complete("head", "sign_self_report", report_outcome="sign")
    city.complete("inspector", "review_self_report", review_outcome="send_back", review_note=REASON)
    city.report()
    city.appoint()
    later = {"visit_at": city.in_office(8), "visit_place": "Như cũ", "postpone_reason": REASON}
    city.complete("appraiser", "write_minutes", visit_outcome="postpone", **later)
    city.visit()
    city.complete("head", "sign_minutes_unit", objections=REASON)
    city.complete("inspector", "sign_minutes_team", minutes_outcome="amend")
    city.visit()
    city.complete("head", "sign_minutes_unit", objections="")
    city.complete("inspector", "sign_minutes_team", minutes_outcome="sign")
    due_on = people.local_day(city.now) + timedelta(days=30)
    city.conclude(("Lập sổ theo dõi", due_on))
    city.mend()
    falls_short = {"remedy_outcome": "send_back", "review_note": REASON, "next_due_on": due_on}
    city.complete("inspector", "verify_remedy", **falls_short)
    city.mend()
    city.complete("inspector", "verify_remedy", remedy_outcome="verify")


def a_unit_says_nothing(city: Institution) -> None:
    """Once its officer does not report, once its head does not sign; it signs no minutes either."""
    city.inspect()
    city.later(days=45)
    city.appoint()
    city.visit()
    city.later(days=30)
    city.complete("inspector", "sign_minutes_team", minutes_outcome="sign")
    city.conclude()
    city.inspect()
    city.self_report()
    city.later(days=45)


def a_plan_is_given_back_by_everybody_who_may(city: Institution) -> None:
    """Nothing is left to inspect in the end, so the year is summed up at once."""
    with database.transaction(city.factory) as session:
        instances.start(session, "inspection_plan", variables={}, actor=None, now=city.now)
    draft_plan(city)
    city.complete("agency", "review_plan", review_outcome="send_back", reason=REASON)
    draft_plan(city)
    city.complete("agency", "review_plan", review_outcome="submit")
    city.complete("chairman", "approve_plan", approval_outcome="send_back", reason=REASON)
    draft_plan(city)
    city.complete("agency", "review_plan", review_outcome="submit")
    city.complete("chairman", "approve_plan", approval_outcome="approve")
    with database.transaction(city.factory) as session:
        plan = session.scalars(select(InspectionPlan).order_by(InspectionPlan.id.desc())).first()
        assert plan is not None
        by = changing.By(city.person(session, "agency"), city.authority(session, "agency"), REASON)
        for line in plan.lines:
            changing.drop_line(session, line, by=by, now=city.now)
    city.later(minutes=1)
    city.complete("inspector", "summarise_plan", summary="Tốt.")
    city.complete("agency", "sign_summary", summary_outcome="send_back", reason=REASON)
    city.complete("inspector", "summarise_plan", summary="Tốt.")
    city.complete("agency", "sign_summary", summary_outcome="sign")


def a_year_ends_with_inspections_to_come(city: Institution) -> None:
    city.later(days=250)
    with database.transaction(city.factory) as session:
        instances.start(session, "inspection_plan", variables={}, actor=None, now=city.now)
    draft_plan(city)
    city.complete("agency", "review_plan", review_outcome="submit")
    city.complete("chairman", "approve_plan", approval_outcome="approve")
    city.later(days=500)


def draft_plan(city: Institution) -> None:
    """Leave the plan as the rule proposes it."""
    with database.transaction(city.factory) as session:
        plan = session.scalars(select(InspectionPlan).order_by(InspectionPlan.id.desc())).first()
        assert plan is not None
        lines = [
            {"unit": line.unit.code, "notice_on": line.notice_on, "visit_on": line.visit_on}
            for line in plan.lines
        ]
    city.complete("inspector", "draft_plan", lines=lines, drop_reason="")


WALKS: Final[Mapping[str, tuple[Callable[[Institution], None], ...]]] = {
    "nomination": (
        a_dossier_comes_back_from_everybody_who_may_return_it,
        the_council_passes_one_dossier_and_refuses_another,
        the_chairman_grants_refuses_and_leaves_for_later,
        the_unit_withdraws,
    ),
    "council_session": (the_council_meets_again_and_votes_again, the_ballot_closes_at_its_hour),
    "decision": (a_decision_comes_back_until_nobody_is_left_in_it, a_decision_is_issued),
    "inspection": (
        an_inspection_finds_nothing_to_mend,
        everything_in_an_inspection_falls_short_at_first,
        a_unit_says_nothing,
    ),
    "inspection_plan": (
        a_plan_is_given_back_by_everybody_who_may,
        a_year_ends_with_inspections_to_come,
    ),
    **DIRECTIVE_WALKS,
}
"""By the diagram whose flows they take."""


@pytest.mark.parametrize("folder", wiring.DEFINITIONS, ids=lambda folder: folder.name)
def test_every_sequence_flow_is_taken(city: Institution, folder: Path) -> None:
    for walk in WALKS.get(folder.name, ()):
        walk(city)

    drawn = {
        flow for file in folder.glob("*.bpmn") for flow in read_diagram(file.name, file.read_bytes()).flows
    }
    left = sorted(drawn - taken(city, folder.name))
    assert not left, f"no walk of {folder.name} takes {', '.join(left)} on {city.engine.dialect.name}"


def taken(city: Institution, key: str) -> frozenset[str]:
    """Return the flows that instances of a process have taken."""
    with database.transaction(city.factory) as session:
        found = session.scalars(select(ProcessInstance.id).where(ProcessInstance.key == key)).all()
        return frozenset[str]().union(*(instances.progress_of(session, number).taken for number in found))
