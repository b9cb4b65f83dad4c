"""The studio: pages on which an administrator changes the draft of a process and submits it."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePath
from typing import Final

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, definitions, drafts, exchange
from engine.definitions import NotPublishableError
from engine.errors import InvalidInputError
from engine.ingest import Problem
from engine.models import DefinitionDraft, VersionState
from web import changes, studio_elements, studio_words
from web.definitions import attachment, running_by_version
from web.i18n import gettext as _
from web.security import STUDIO_POLICY
from web.studio_access import get_draft
from web.studio_files import time_or_moment
from web.studio_parts import Parts
from web.transaction import current_person, reading, transaction

pages = Blueprint("studio", __name__)

TABS: Final = {".bpmn": "diagram", ".form": "forms", ".dmn": "tables", ".text": "texts"}
"""Suffix of a file -> its tab, which is also the name of its editor's element and bundle."""
COMMENT_LIMIT: Final = 2000


@pages.get("/studio/drafts/<int:draft_id>")
def show(draft_id: int) -> ResponseReturnValue:
    """Show one file of a draft in its editor, or what a tab lists."""
    with reading() as session:
        draft = get_draft(session, draft_id)
        files = drafts.files_of(draft)
        parts = Parts(files)
        tab, file = _place(draft, files)
        find_problems = drafts.problems_of if request.args.get("check") == "1" else drafts.known_problems
        facts = _facts(session, draft, parts, problems=find_problems(session, draft, now=clock.now()))
        facts["elements"] = studio_elements.rows_of(session, parts) if tab == "diagram" else []
        if file:
            facts |= _editor(tab, file, files)
        page = make_response(render_template("studio/show.html", tab=tab, file=file, **facts))
    page.headers["Content-Security-Policy"] = STUDIO_POLICY
    return page


@pages.get("/studio/drafts/<int:draft_id>/draft.zip")
def bundle(draft_id: int) -> ResponseReturnValue:
    """Give all files of a draft in the layout that is published."""
    with reading() as session:
        draft = get_draft(session, draft_id)
        packed = exchange.to_zip(draft.key, drafts.files_of(draft))
        return attachment(packed, f"{draft.key}-draft.zip", "application/zip")


@pages.get("/studio/drafts/<int:draft_id>/submit")
def review(draft_id: int) -> ResponseReturnValue:
    """Check a draft and show what stands in the way, before it is submitted."""
    with reading() as session:
        draft = get_draft(session, draft_id)
        problems = drafts.problems_of(session, draft, now=clock.now())
        facts = _facts(session, draft, Parts(drafts.files_of(draft)), problems=problems)
        return render_template("studio/submit.html", **facts)


@pages.post("/studio/drafts/<int:draft_id>/submit")
def submit(draft_id: int) -> ResponseReturnValue:
    """Freeze a draft as a version that a second administrator may publish."""
    comment = request.form.get("comment", "").strip()[:COMMENT_LIMIT]
    with transaction() as session:
        draft = get_draft(session, draft_id)
        try:
            version = drafts.submit(
                session, draft, comment=comment, editor=current_person(session), now=clock.now()
            )
        except NotPublishableError:
            flash(_("Chưa gửi được: bản nháp còn lỗi hoặc còn thiếu, liệt kê bên dưới."), "stop")
            return redirect(url_for("studio.review", draft_id=draft_id))
        except InvalidInputError:
            flash(_("Chưa gửi được: bản nháp chưa khác bản bắt đầu."), "stop")
            return redirect(url_for("studio.review", draft_id=draft_id))
    flash(
        _("Đã gửi bản %(n)s. Chờ một quản trị viên chưa sửa bản này xem và công bố.", n=version.number), "ok"
    )
    return redirect(url_for("definitions.show", version_id=version.id))


@pages.post("/studio/drafts/<int:draft_id>/discard")
def discard(draft_id: int) -> ResponseReturnValue:
    """Throw a draft away; what is in use stays as it is."""
    with transaction() as session:
        draft = get_draft(session, draft_id)
        drafts.discard(session, draft, editor=current_person(session), now=clock.now())
    flash(_("Đã bỏ bản nháp. Các bản đã công bố giữ nguyên."), "ok")
    return redirect(url_for("definitions.index"))


def _place(draft: DefinitionDraft, files: Mapping[str, bytes]) -> tuple[str, str]:
    """Return the tab and the file that the address asks for; the main diagram where it asks for none."""
    file = request.args.get("file", "")
    if file in files:
        return TABS[PurePath(file).suffix], file
    tab = request.args.get("tab", "diagram")
    if tab == "diagram" or tab not in {*TABS.values(), "versions"}:
        return "diagram", drafts.main_file(draft.key, files)
    return tab, ""


def _facts(
    session: Session, draft: DefinitionDraft, parts: Parts, *, problems: list[Problem] | None
) -> dict[str, object]:
    """What every page of a draft shows; without ``problems`` it has not been checked as it is."""
    versions, running = definitions.find_versions(session, draft.key), running_by_version(session)
    edits = drafts.edits_of(session, draft)
    return {
        "draft": draft,
        "base_url": url_for("studio.show", draft_id=draft.id),
        "saved_text": time_or_moment(draft.updated_at, clock.now()),
        "versions": versions,
        "used": next((one for one in versions if one.state is VersionState.PUBLISHED), None),
        "waiting": next((one for one in versions if one.state is VersionState.DRAFT), None),
        "running": sum(running.get(one.id, 0) for one in versions),
        "next_number": versions[0].number + 1 if versions else 1,
        "others": drafts.find_visits(session, draft, now=clock.now(), but=current_person(session)),
        "edits": edits,
        "last_edits": {edit.file: edit for edit in reversed(edits)},
        "counts": Counter(TABS.get(PurePath(name).suffix, "") for name in parts.files),
        "diagrams": sorted(name for name in parts.files if name.endswith(".bpmn")),
        "parts": parts,
        "problems": problems,
        "standing": None if problems is None else Counter(one.severity.value for one in problems),
        "is_changed": drafts.is_changed(draft),
        "changes": changes.since(session, draft.base_version, parts.files, draft.sha256),
        "menu_area": "definitions",
    }


def _editor(tab: str, file: str, files: Mapping[str, bytes]) -> dict[str, object]:
    dist = Path(str(current_app.static_folder)) / "dist" / "studio"
    return {
        "sha256": drafts.digest(files[file]),
        "source": files[file].decode("utf-8", "replace"),
        "words": studio_words.words(),
        "has_script": (dist / f"{tab}.js").is_file(),
        "has_styles": (dist / f"{tab}.css").is_file(),
    }
