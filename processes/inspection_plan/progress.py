"""Tells a plan that the last of its inspections has ended."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import instances
from processes.awards.models import Inspection, InspectionPlan, PlanState

ALL_ENDED = "planned_inspections_ended"
"""The message for which an approved plan waits."""


def tell_plan_of(session: Session, inspection: Inspection, *, now: datetime) -> None:
    """Let the plan of an inspection that has ended go on, where it was the last. Flushes."""
    if inspection.planned is not None:
        throw_if_closed(session, inspection.planned.plan, now=now)


def throw_if_closed(session: Session, plan: InspectionPlan, *, now: datetime) -> None:
    """Send the plan on to its summary when every inspection in it is closed or cancelled. Flushes."""
    if plan.state is not PlanState.APPROVED:
        return
    session.flush()
    ids = {line.id for line in plan.lines if line.dropped_at is None}
    ended = (Inspection.closed_at.is_not(None)) | (Inspection.cancelled_at.is_not(None))
    done = set(session.scalars(select(Inspection.planned_id).where(Inspection.planned_id.in_(ids), ended)))
    if ids == done:
        instances.throw_message(session, ALL_ENDED, plan.code, {}, now=now)
