"""Cụm, khối thi đua: the clusters, their members, and who inspects whom this year."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, people
from engine.errors import NotAllowedError
from engine.models import Unit
from engine.people import local_day
from engine.text import fold
from processes.awards import clusters
from processes.awards.errors import AnswerError
from processes.awards.models import Cluster
from processes.awards.permissions import can_change_clusters
from web import access, inspections
from web.i18n import gettext as _
from web.i18n import language, pick
from web.transaction import current_authority, reading, transaction

pages = Blueprint("clusters", __name__)


@pages.get("/inspections/clusters")
def index() -> ResponseReturnValue:
    """List the clusters with their members and the ring of this year."""
    with reading() as session:
        return _render_index(session, wrong="")


@pages.post("/inspections/clusters")
def create() -> ResponseReturnValue:
    """Add a cluster without members."""
    name, name_en = request.form.get("name", ""), request.form.get("name_en", "")
    try:
        with transaction() as session:
            _require_change(session)
            code = "_".join(fold(name).split())[:60]
            cluster = clusters.add_cluster(session, code=code, name=name, name_en=name_en)
    except AnswerError as error:
        with reading() as session:
            return _render_index(session, wrong=pick(error.vi, error.en)), 422
    flash(_("Đã thêm cụm, khối. Chọn các đơn vị thành viên."), "ok")
    return redirect(url_for("clusters.edit", cluster_id=cluster.id))


@pages.get("/inspections/clusters/<int:cluster_id>")
def edit(cluster_id: int) -> ResponseReturnValue:
    """Show the form of a cluster's members."""
    with reading() as session:
        _require_change(session)
        return _render_edit(session, clusters.get_cluster(session, cluster_id), wrong="")


@pages.post("/inspections/clusters/<int:cluster_id>")
def change(cluster_id: int) -> ResponseReturnValue:
    """Say which units form a cluster."""
    codes = request.form.getlist("unit")
    try:
        with transaction() as session:
            _require_change(session)
            cluster = clusters.get_cluster(session, cluster_id)
            kept = [member.unit for member in cluster.members if member.unit.code in codes]
            added = [unit for unit in people.find_units(session) if unit.code in codes and unit not in kept]
            clusters.set_members(session, cluster, [*kept, *added])
    except AnswerError as error:
        with reading() as session:
            cluster = clusters.get_cluster(session, cluster_id)
            return _render_edit(session, cluster, wrong=pick(error.vi, error.en)), 422
    flash(_("Đã ghi các đơn vị thành viên."), "ok")
    return redirect(url_for("clusters.index"))


def _render_index(session: Session, *, wrong: str) -> str:
    authority = current_authority(session)
    if not access.can_see_inspections(authority):
        raise NotAllowedError("clusters are for inspectors and units")
    year = local_day(clock.now()).year
    found = clusters.find_clusters(session)
    return render_template(
        "inspections/clusters.html",
        clusters=found,
        rings={one.id: _ring(one, year) for one in found},
        year=year,
        may_change=can_change_clusters(authority),
        wrong=wrong,
        **inspections.tabs(authority),
    )


def _ring(cluster: Cluster, year: int) -> list[tuple[Unit, Unit | None]]:
    """Return each member with the one that inspects it that year."""
    units = {member.unit.code: member.unit for member in cluster.members}
    inspectors = clusters.inspectors_of(cluster, year=year)
    return [(unit, units.get(inspectors.get(code, ""))) for code, unit in units.items()]


def _render_edit(session: Session, cluster: Cluster, *, wrong: str) -> str:
    today = local_day(clock.now())
    elsewhere = {
        member.unit.code: pick(one.name, one.name_en)
        for one in clusters.find_clusters(session)
        if one.id != cluster.id
        for member in one.members
    }
    units = [unit for unit in people.find_units(session) if not people.is_abolished(unit, on=today)]
    members = request.form.getlist("unit") or [member.unit.code for member in cluster.members]
    return render_template(
        "inspections/cluster.html",
        cluster=cluster,
        name=cluster.name_en if language() == "en" and cluster.name_en else cluster.name,
        units=units,
        members=members,
        elsewhere=elsewhere,
        wrong=wrong,
    )


def _require_change(session: Session) -> None:
    if not can_change_clusters(current_authority(session)):
        raise NotAllowedError("clusters are changed by the head of the agency")
