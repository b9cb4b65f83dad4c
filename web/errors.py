"""What went wrong, in sentences for people: one page per status, nothing revealed."""

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from engine.errors import (
    ConflictError,
    EngineError,
    InstanceSuspendedError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    StepFailedError,
)
from processes.awards.errors import AnswerError
from web.i18n import gettext as _
from web.i18n import pick
from web.log_lines import without_secrets

log = logging.getLogger(__name__)
STATUSES: Mapping[type[EngineError], int] = {
    NotFoundError: 404,
    NotAllowedError: 403,
    ConflictError: 409,
    InvalidInputError: 422,
}
SECRET_ENDPOINTS = frozenset({"council.cast", "feeds.show"})
"""Requests of which not even the words of an error are logged: they could quote what was sent."""
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Explanation:
    """One error page: what happened, whether work is lost, what to do now."""

    status: int
    heading: str
    text: str
    may_retry: bool = False
    code: str = ""


def prepare(app: Flask) -> None:
    """Let every error end in a page of ours."""
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(CSRFError, _show_expired_form)
    app.register_error_handler(EngineError, _show_engine_error)
    app.register_error_handler(DBAPIError, _show_database_error)
    app.register_error_handler(Exception, _show_crash)


def explain(error: EngineError) -> Explanation:
    """Return the page for an error of the engine."""
    if isinstance(error, AnswerError):
        return Explanation(422, _of_status(422).heading, pick(error.vi, error.en))
    if isinstance(error, StepFailedError):
        return Explanation(
            503,
            _("Bước tiếp theo của quy trình chưa chạy được"),
            _("Nội dung đã gửi được giữ lại và người quản trị đã được báo. Không cần gửi lại."),
        )
    if isinstance(error, InstanceSuspendedError):
        return Explanation(
            409,
            _("Hồ sơ đang tạm dừng"),
            _(
                "Người quản trị quy trình đã cho hồ sơ này tạm dừng. Điều vừa nhập chưa được ghi; bản nháp, "
                "nếu có, vẫn còn. Việc mở lại khi hồ sơ chạy tiếp."
            ),
        )
    status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 500)
    return _crash() if status == 500 else _of_status(status)  # noqa: PLR2004  # our own mistake


def _of_status(status: int) -> Explanation:
    sentences = {
        400: (
            _("Yêu cầu không đọc được"),
            _("Trình duyệt đã gửi một yêu cầu thiếu hoặc sai. Quay lại trang trước và thử lại."),
        ),
        403: (
            _("Không có quyền làm việc này"),
            _("Việc này thuộc vai trò khác. Nếu được giao việc này, hỏi người quản trị về vai trò đang giữ."),
        ),
        404: (
            _("Không mở được trang này"),
            _("Địa chỉ có thể đã gõ sai, hoặc nội dung này không thuộc phạm vi được xem."),
        ),
        409: (
            _("Nội dung đã thay đổi trong lúc xem"),
            _(
                "Người khác vừa xử lý trước. Điều vừa nhập chưa được ghi; bản nháp, nếu có, vẫn còn. "
                "Mở lại trang để xem hiện trạng."
            ),
        ),
        413: (
            _("Tệp gửi lên quá lớn"),
            _("Chưa có gì được ghi. Chia nhỏ hoặc nén tệp rồi gửi lại."),
        ),
        422: (
            _("Nội dung gửi lên chưa dùng được"),
            _("Chưa có gì được ghi. Quay lại trang trước, kiểm tra các ô đã nhập rồi gửi lại."),
        ),
        429: (
            _("Đã thử quá nhiều lần"),
            _("Để chống dò mật khẩu, hệ thống tạm dừng nhận. Chờ một phút rồi thử lại."),
        ),
        503: (
            _("Hệ thống đang bận"),
            _("Chưa có gì được ghi. Chờ vài giây rồi thử lại, không sợ gửi hai lần."),
        ),
    }
    heading, text = sentences.get(status, sentences[400])
    return Explanation(status, heading, text, may_retry=status == 503)  # noqa: PLR2004  # service unavailable


def _crash() -> Explanation:
    code = "SC-" + "".join(secrets.choice(CODE_LETTERS) for _letter in range(5))
    text = _(
        "Lỗi đã được ghi lại với mã %(code)s. Báo mã này cho người quản trị; có thể thử lại ngay.", code=code
    )
    return Explanation(500, _("Hệ thống gặp lỗi, việc này chưa được ghi"), text, may_retry=True, code=code)


def _page(explanation: Explanation) -> ResponseReturnValue:
    if explanation.status >= 500:  # noqa: PLR2004  # server errors: the frame may be what failed
        g.setdefault("shell", None)
    return render_template("error.html", error=explanation), explanation.status


def _show_http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004  # redirects are answers, not errors
        return error.get_response()
    if status == 405:  # noqa: PLR2004  # method not allowed: to people, a page that is not there
        status = 404
    return _page(_of_status(status) if status < 500 or status == 503 else _crash())  # noqa: PLR2004  # server errors


def _show_expired_form(_error: CSRFError) -> ResponseReturnValue:
    heading = _("Trang này đã mở quá lâu")
    text = _("Chưa có gì được ghi. Quay lại trang trước, tải lại rồi gửi lại.")
    return _page(Explanation(400, heading, text))


def _show_engine_error(error: EngineError) -> ResponseReturnValue:
    explanation = explain(error)
    log.info("%s %s: %s: %s", request.method, _logged_path(), type(error).__name__, error)
    return _page(explanation)


def _show_database_error(error: DBAPIError) -> ResponseReturnValue:
    # Parameters of statements may hold what people typed: only the kind of error is logged.
    log.warning("%s %s: database: %s", request.method, _logged_path(), type(error.orig).__name__)
    return _page(_of_status(503) if isinstance(error, OperationalError) else _crash_of(error))


def _show_crash(error: Exception) -> ResponseReturnValue:
    return _page(_crash_of(error))


def _crash_of(error: Exception) -> Explanation:
    explanation = _crash()
    if isinstance(error, DBAPIError) or request.endpoint in SECRET_ENDPOINTS:
        name = type(error).__name__
        error = RuntimeError(f"{name}, its words withheld").with_traceback(error.__traceback__)
    log.error("%s %s: %s", request.method, _logged_path(), explanation.code, exc_info=error)
    return explanation


def _logged_path() -> str:
    return without_secrets(request.path)
