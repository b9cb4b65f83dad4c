"""Processes and their versions: what runs, who wrote it, who published it, what stands in its way."""

from dataclasses import dataclass, field
from itertools import groupby

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from engine import clock, definitions, drafts, exchange
from engine.definitions import NotPublishableError
from engine.errors import NotAllowedError, NotFoundError
from engine.models import (
    DefinitionContributor,
    DefinitionDraft,
    DefinitionVersion,
    InstanceState,
    ProcessInstance,
    VersionState,
)
from web import access, changes, studio_elements
from web.i18n import gettext as _
from web.i18n import pick
from web.security import FILE_POLICY
from web.studio_parts import Parts
from web.transaction import current_authority, current_person, reading, transaction

pages = Blueprint("definitions", __name__)


@dataclass
class ProcessRow:
    """One process of the list: its versions, newest first, and the draft that is being worked on."""

    key: str
    versions: list[DefinitionVersion] = field(default_factory=list[DefinitionVersion])
    draft: DefinitionDraft | None = None
    running: int = 0

    @property
    def name(self) -> str:
        """The name in use, else that of what is newest."""
        shown = self.used or self.draft or self.versions[0]
        return pick(shown.name, shown.name_en)

    @property
    def used(self) -> DefinitionVersion | None:
        """The version that new instances use."""
        return next((one for one in self.versions if one.state is VersionState.PUBLISHED), None)

    @property
    def waiting(self) -> list[DefinitionVersion]:
        """Versions that wait for their second person."""
        return [one for one in self.versions if one.state is VersionState.DRAFT]


@pages.get("/definitions")
def index() -> ResponseReturnValue:
    """List processes with the version in use, how many instances run, and who is working on them."""
    with reading() as session:
        _require_reader(session)
        may_edit = access.can_edit_definitions(current_authority(session))
        rows = _rows(session)
        return render_template("definitions/index.html", rows=rows, may_edit=may_edit)


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
    return attachment(source, f"{version.key}-{version.number}.bpmn", "application/xml")


@pages.get("/definitions/<int:version_id>/bundle.zip")
def bundle(version_id: int) -> ResponseReturnValue:
    """Give all files of a version in the layout that is published, to be kept elsewhere."""
    with reading() as session:
        version = _get_version(session, version_id)
        packed = exchange.to_zip(version.key, definitions.files_of(version))
    return attachment(packed, f"{version.key}-{version.number}.zip", "application/zip")


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


def attachment(content: bytes, name: str, media_type: str) -> Response:
    """Answer with a file to keep, never shown inside the site."""
    response = Response(content, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response


def running_by_version(session: Session) -> dict[int, int]:
    """Return how many instances run on each version that has any."""
    counted = (
        select(ProcessInstance.version_id, func.count())
        .where(ProcessInstance.state == InstanceState.RUNNING)
        .group_by(ProcessInstance.version_id)
    )
    return dict(session.execute(counted).all())


def _require_reader(session: Session) -> None:
    if not access.can_see_definitions(current_authority(session)):
        raise NotAllowedError("processes are the administrators'")


def _get_version(session: Session, version_id: int) -> DefinitionVersion:
    _require_reader(session)
    version = session.get(DefinitionVersion, version_id)
    if version is None:
        raise NotFoundError(f"no version {version_id}")
    return version


def _rows(session: Session) -> list[ProcessRow]:
    running = running_by_version(session)
    rows: dict[str, ProcessRow] = {}
    versions = session.scalars(
        select(DefinitionVersion)
        .options(joinedload(DefinitionVersion.created_by), joinedload(DefinitionVersion.published_by))
        .order_by(DefinitionVersion.key, DefinitionVersion.number.desc())
    )
    for version in versions:
        row = rows.setdefault(version.key, ProcessRow(version.key))
        row.versions.append(version)
        row.running += running.get(version.id, 0)
    for draft in drafts.find_drafts(session):
        rows.setdefault(draft.key, ProcessRow(draft.key)).draft = draft
    return [rows[key] for key in sorted(rows)]


def _facts(session: Session, version: DefinitionVersion) -> dict[str, object]:
    is_draft = version.state is VersionState.DRAFT
    person, authority = current_person(session), current_authority(session)
    others = definitions.find_versions(session, version.key)
    files = definitions.files_of(version)
    used = next((one for one in others if one.state is VersionState.PUBLISHED), None)
    earlier = used if used and used is not version else _before(version, others)
    return {
        "version": version,
        "files": {name: len(content) for name, content in files.items()},
        "problems": definitions.problems_of(session, version) if is_draft else [],
        "others": others,
        "changes": changes.since(session, earlier, files, version.sha256) if is_draft else None,
        "is_newest": version is drafts.newest(others),
        "earlier": earlier,
        "elements": studio_elements.rows_of(session, Parts(files)),
        "hands": _hands(definitions.find_contributors(session, version)),
        "draft": drafts.find_draft(session, version.key),
        "running": running_by_version(session).get(version.id, 0),
        "may_edit": access.can_edit_definitions(authority),
        "may_publish": is_draft and access.can_publish(authority),
        "has_hand": definitions.has_hand_in(session, version, person),
        "wants_all": request.args.get("all") == "1",
    }


def _before(version: DefinitionVersion, others: list[DefinitionVersion]) -> DefinitionVersion | None:
    """Return the version published last before this one."""
    found = (one for one in others if one.number < version.number and one.published_at is not None)
    return next(found, None)


def _hands(rows: list[DefinitionContributor]) -> list[tuple[str, list[DefinitionContributor]]]:
    """Return who had a hand in each file."""
    return [(file, list(some)) for file, some in groupby(rows, lambda row: row.file)]
