"""Tells people what becomes of a yearly plan, each once."""

from collections.abc import Sequence

from engine import outbox
from engine.mail import Notice
from engine.setup import ActionCall
from processes.awards.models import InspectionPlan
from processes.inspection.telling import holders


def tell_plan(  # noqa: PLR0913  # whom, about which plan, what
    call: ActionCall,
    plan: InspectionPlan,
    *,
    about: str,
    subject: tuple[str, str],
    line: tuple[str, str],
    roles: Sequence[str],
    rows: Sequence[tuple[str, str, str]] = (),
) -> None:
    """Mail the holders of city-wide roles something about a plan. ``about`` names the cause."""
    outbox.notify(
        call.session,
        kind="notice",
        recipients=holders(call, roles),
        facts=Notice(
            subject_vi=f"{subject[0]}: {plan.code}",
            subject_en=f"{subject[1]}: {plan.code}",
            lines_vi=(line[0],),
            lines_en=(line[1],),
            rows=tuple(rows),
            path=path_of(plan),
        ),
        dedupe=f"{about}:inspection_plan:{plan.id}",
        now=call.now,
        instance_id=call.instance.id,
    )


def path_of(plan: InspectionPlan) -> str:
    """Return the page of a plan."""
    return f"/inspections/plans/{plan.id}"
