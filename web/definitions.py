"""Processes and their versions: what runs, who wrote it, who published it, what stands in its way."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from engine import clock, definitions
from engine.definitions import NotPublishableError
from engine.errors import NotAllowedError, NotFoundError
from engine.models import DefinitionVersion, InstanceState, ProcessInstance, VersionState
from web import access
from web.i18n import gettext as _
from web.security import FILE_POLICY
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("definitions", __name__)


@pages.get("/definitions")
def index() -> ResponseReturnValue:
    """List processes with the version in use and how many instances run."""
    with reading() as session:
        _require_reader(session)
        versions = session.scalars(
            select(DefinitionVersion)
            .options(joinedload(DefinitionVersion.created_by), joinedload(DefinitionVersion.published_by))
            .order_by(DefinitionVersion.key, DefinitionVersion.number.desc())
        ).all()
        groups: dict[str, list[DefinitionVersion]] = {}
        for version in versions:
            groups.setdefault(version.key, []).append(version)
        return render_template("definitions/index.html", groups=groups, running=running_by_version(session))


@pages.get("/definitions/<int:version_id>")
def show(version_id: int) -> ResponseReturnValue:
    """Show a version: its diagram, its files, its problems."""
    with reading() as session:
        version = _get_version(session, version_id)
        return render_template("definitions/show.html", **_facts(session, version))


@pages.get("/definitions/<int:version_id>/diagram.bpmn")
def diagram(version_id: int) -> ResponseReturnValue:
    """Give the diagram's XML, to the viewer or as a download."""
    with reading() as session:
        version = _get_version(session, version_id)
        source = definitions.diagram_source(version)
    response = Response(source, mimetype="application/xml")
    response.headers["Content-Disposition"] = f'attachment; filename="{version.key}-{version.number}.bpmn"'
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


@pages.post("/definitions/<int:version_id>/publish")
def publish(version_id: int) -> ResponseReturnValue:
    """Publish a draft; not by the person who wrote it."""
    with transaction() as session:
        version = _get_version(session, version_id)
        if not access.can_publish(current_authority(session)):
            raise NotAllowedError("publishing is the process administrator's")
        try:
            definitions.publish(session, version, publisher=current_person(session), now=clock.now())
        except NotPublishableError:
            flash(_("Chưa công bố được: bản này còn lỗi hoặc còn thiếu, liệt kê bên dưới."), "stop")
            return redirect(url_for("definitions.show", version_id=version_id))
    flash(_("Đã công bố. Hồ sơ mới chạy theo bản này; hồ sơ đang chạy giữ bản cũ."), "ok")
    return redirect(url_for("definitions.show", version_id=version_id))


def _require_reader(session: Session) -> None:
    if not access.can_see_definitions(current_authority(session)):
        raise NotAllowedError("processes are the administrators'")


def _get_version(session: Session, version_id: int) -> DefinitionVersion:
    _require_reader(session)
    version = session.get(DefinitionVersion, version_id)
    if version is None:
        raise NotFoundError(f"no version {version_id}")
    return version


def running_by_version(session: Session) -> dict[int, int]:
    """Return how many instances run on each version that has any."""
    counted = (
        select(ProcessInstance.version_id, func.count())
        .where(ProcessInstance.state == InstanceState.RUNNING)
        .group_by(ProcessInstance.version_id)
    )
    return dict(session.execute(counted).all())


def _facts(session: Session, version: DefinitionVersion) -> dict[str, object]:
    is_draft = version.state is VersionState.DRAFT
    person = current_person(session)
    return {
        "version": version,
        "files": {name: len(content) for name, content in definitions.files_of(version).items()},
        "problems": definitions.problems_of(session, version) if is_draft else [],
        "others": definitions.find_versions(session, version.key),
        "running": running_by_version(session).get(version.id, 0),
        "may_publish": is_draft and access.can_publish(current_authority(session)),
        "is_author": version.created_by_id == person.id,
        "wants_all": request.args.get("all") == "1",
    }
