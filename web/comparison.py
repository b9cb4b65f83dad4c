"""What differs between two versions of a process, or between a draft and the version it began from."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import definitions, drafts, setup
from engine.comparison import compare
from engine.errors import NotAllowedError, NotFoundError
from engine.models import DefinitionVersion, VersionState
from web import access
from web.comparison_words import lines_of
from web.i18n import gettext as _
from web.i18n import pick
from web.studio_access import get_draft
from web.transaction import current_authority, reading

pages = Blueprint("comparison", __name__)


@dataclass(frozen=True)
class _Side:
    """One of the two that are compared."""

    title: str
    address: str
    """The page of the version or draft."""
    diagram: str
    """Where its main diagram is fetched from."""
    files: Mapping[str, bytes]
    main_file: str


@pages.get("/definitions/<int:version_id>/compare")
def version(version_id: int) -> ResponseReturnValue:
    """Show what a version changes against the one asked for, else the one in use, else the one before."""
    with reading() as session:
        new = _get_version(session, version_id)
        wanted = request.args.get("with", "")
        old = _get_version(session, int(wanted)) if wanted.isdecimal() else _earlier(session, new)
        if old is None or old.key != new.key:
            raise NotFoundError(f"nothing to compare version {version_id} with")
        others = [one for one in definitions.find_versions(session, new.key) if one.id != new.id]
        return _page(session, pick(new.name, new.name_en), _of_version(old), _of_version(new), others=others)


@pages.get("/studio/drafts/<int:draft_id>/compare")
def draft(draft_id: int) -> ResponseReturnValue:
    """Show what a draft changes of the version it began from."""
    with reading() as session:
        found = get_draft(session, draft_id)
        if found.base_version is None:
            raise NotFoundError(f"draft {draft_id} began from nothing")
        files = drafts.files_of(found)
        main = drafts.main_file(found.key, files)
        new = _Side(
            _("Bản nháp"),
            url_for("studio.show", draft_id=draft_id),
            url_for("studio_files.read", draft_id=draft_id, name=main),
            files,
            main,
        )
        return _page(session, pick(found.name, found.name_en), _of_version(found.base_version), new)


def _page(
    session: Session,
    name: str,
    old: _Side,
    new: _Side,
    *,
    others: list[DefinitionVersion] | None = None,
) -> ResponseReturnValue:
    comparison = compare(old.files, new.files)
    old_marks, new_marks = comparison.marks(new.main_file)
    return render_template(
        "comparison/show.html",
        name=name,
        old=old,
        new=new,
        files=lines_of(comparison, setup.of(session).roles),
        count=len(comparison.changes),
        old_marks=old_marks,
        new_marks=new_marks,
        others=others or [],
    )


def _of_version(one: DefinitionVersion) -> _Side:
    files = definitions.files_of(one)
    return _Side(
        _("Bản %(n)s", n=one.number),
        url_for("definitions.show", version_id=one.id),
        url_for("definitions.diagram", version_id=one.id),
        files,
        drafts.main_file(one.key, files),
    )


def _earlier(session: Session, new: DefinitionVersion) -> DefinitionVersion | None:
    """Return the version in use, unless that is the new one; else the newest before it."""
    versions = [one for one in definitions.find_versions(session, new.key) if one.id != new.id]
    used = next((one for one in versions if one.state is VersionState.PUBLISHED), None)
    return used or next((one for one in versions if one.number < new.number), None)


def _get_version(session: Session, version_id: int) -> DefinitionVersion:
    if not access.can_see_definitions(current_authority(session)):
        raise NotAllowedError("processes are the administrators'")
    found = session.get(DefinitionVersion, version_id)
    if found is None:
        raise NotFoundError(f"no version {version_id}")
    return found
