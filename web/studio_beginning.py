"""Begins drafts: with the newest version, with nothing, with files from outside, with an earlier version."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine import clock, drafts
from engine.errors import ConflictError, InvalidInputError
from web.i18n import gettext as _
from web.studio_access import require_editor
from web.transaction import transaction

pages = Blueprint("studio_beginning", __name__)


@pages.post("/definitions/<key>/draft")
def begin(key: str) -> ResponseReturnValue:
    """Open the draft of a process, or begin it with the newest version."""
    with transaction() as session:
        draft = drafts.open_draft(session, key, editor=require_editor(session), now=clock.now())
    return redirect(url_for("studio.show", draft_id=draft.id))


@pages.post("/studio/drafts")
def create() -> ResponseReturnValue:
    """Begin a process from nothing."""
    name = request.form.get("name", "")
    key = request.form.get("key", "").strip() or drafts.key_from(name)
    again = url_for("definitions.index", name=name, key=key, _anchor="quy-trinh-moi")
    with transaction() as session:
        editor = require_editor(session)
        try:
            draft = drafts.create_new(session, key, name, editor=editor, now=clock.now())
        except ConflictError:
            flash(_("Chưa tạo được: đã có quy trình mang mã %(key)s. Đặt mã khác.", key=key), "stop")
            return redirect(again)
        except InvalidInputError:
            flash(_("Chưa tạo được: ghi tên; mã chỉ gồm chữ không dấu, chữ số, dấu gạch dưới."), "stop")
            return redirect(again)
    return redirect(url_for("studio.show", draft_id=draft.id))
