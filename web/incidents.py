"""Incidents: which step failed, whom it holds up, and trying again; and whether the workers live."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from engine import clock, heartbeat, incidents
from engine.errors import NotAllowedError
from engine.models import Heartbeat, Incident, IncidentState
from web import access, subjects
from web.i18n import gettext as _
from web.login import safe_target
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("incidents", __name__)

RESOLVED_SHOWN = 20


@pages.get("/incidents")
def index() -> ResponseReturnValue:
    """List open incidents, the last resolved ones, and the workers."""
    now = clock.now()
    with reading() as session:
        _require(access.can_see_incidents(current_authority(session)))
        opened = incidents.list_open(session)
        resolved = session.scalars(
            select(Incident)
            .options(joinedload(Incident.instance))
            .where(Incident.state == IncidentState.RESOLVED)
            .order_by(Incident.resolved_at.desc())
            .limit(RESOLVED_SHOWN)
        ).all()
        instances = [one.instance for one in [*opened, *resolved] if one.instance is not None]
        beats = session.scalars(select(Heartbeat).order_by(Heartbeat.beat_at.desc())).all()
        return render_template(
            "incidents/index.html",
            open=opened,
            resolved=resolved,
            about=subjects.of_instances(session, instances),
            workers=[(one, not heartbeat.is_silent(one.beat_at, now)) for one in beats],
            may_mend=access.can_mend(current_authority(session)),
        )


@pages.post("/incidents/<int:incident_id>/retry")
def retry(incident_id: int) -> ResponseReturnValue:
    """Try the failed step again; if it fails again, the incident stays and says so."""
    with transaction() as session:
        person, now = current_person(session), clock.now()
        _require(access.can_mend(current_authority(session)))
        incident = incidents.get_incident(session, incident_id, reader=person, now=now)
        is_mended = incidents.retry(session, incident, actor=person, now=now)
    if is_mended:
        flash(_("Bước này đã chạy được; quy trình đi tiếp."), "ok")
    else:
        flash(_("Bước này vẫn chưa chạy được. Xem nguyên nhân trong bảng."), "stop")
    return redirect(safe_target(request.form.get("next", url_for("incidents.index"))))


def _require(allowed: bool) -> None:
    if not allowed:
        raise NotAllowedError("incidents are the administrators'")
