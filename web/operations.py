"""What a process administrator does to one instance: let it stand still or go on, move a token, cancel it."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, instances, operations
from engine.errors import ConflictError, InvalidInputError, NotAllowedError, StepFailedError
from engine.models import Person, ProcessInstance
from web import access
from web.i18n import gettext as _
from web.login import safe_target
from web.transaction import current_authority, current_person, deliver_messages, transaction

pages = Blueprint("operations", __name__)
Operation = Callable[[Session, ProcessInstance, Person, datetime], None]


@pages.post("/instances/<int:instance_id>/suspend")
def suspend(instance_id: int) -> ResponseReturnValue:
    """Let an instance stand still."""
    return _operate(
        instance_id,
        lambda session, instance, actor, now: operations.suspend(
            session, instance, actor=actor, reason=_reason(), now=now
        ),
        _("Đã tạm dừng. Trong lúc này không ai hoàn thành được việc, hạn và tin nhắn chờ đến khi chạy tiếp."),
    )


@pages.post("/instances/<int:instance_id>/resume")
def resume(instance_id: int) -> ResponseReturnValue:
    """Let a suspended instance go on."""
    return _operate(
        instance_id,
        lambda session, instance, actor, now: operations.resume(
            session, instance, actor=actor, reason=_reason(), now=now
        ),
        _("Đã cho chạy tiếp. Những gì đến hạn trong lúc dừng được xử lý ngay sau đây."),
    )


@pages.post("/instances/<int:instance_id>/move")
def move(instance_id: int) -> ResponseReturnValue:
    """Move what waits at ``element`` to ``target``."""
    element_id, target_id = request.form.get("element", ""), request.form.get("target", "")
    return _operate(
        instance_id,
        lambda session, instance, actor, now: operations.move(
            session, instance, element_id, target_id, actor=actor, reason=_reason(), now=now
        ),
        _("Đã chuyển bước. Việc ở bước cũ đã đóng, việc ở bước mới đã mở."),
    )


@pages.post("/instances/<int:instance_id>/cancel")
def cancel(instance_id: int) -> ResponseReturnValue:
    """End an instance where it stands."""
    return _operate(
        instance_id,
        lambda session, instance, actor, now: instances.cancel(
            session, instance, actor=actor, reason=operations.reason_of(_reason()), now=now
        ),
        _("Đã hủy quy trình. Mọi việc đang mở đã đóng."),
    )


def _operate(instance_id: int, operation: Operation, done: str) -> ResponseReturnValue:
    """Carry an operation out, say what came of it, and go back to the page it was asked for on."""
    try:
        with transaction() as session:
            if not access.can_operate(current_authority(session)):
                raise NotAllowedError("operations are the process administrator's")
            actor, now = current_person(session), clock.now()
            instance = instances.get_instance(session, instance_id, reader=actor, now=now)
            operation(session, instance, actor, now)
    except InvalidInputError:
        flash(_("Chưa làm gì: cần ghi lý do, và nơi chuyển đến phải cùng cấp với bước đang chờ."), "stop")
    except ConflictError:
        flash(_("Chưa làm gì: hồ sơ đã đi tiếp, đã kết thúc hoặc đang ở trạng thái khác."), "stop")
    except StepFailedError as failure:
        flash(_("Chưa làm gì: bước %(step)s chưa chạy được.", step=failure.element_id or ""), "stop")
    else:
        deliver_messages()
        flash(done, "ok")
    return redirect(safe_target(request.form.get("next", "")))


def _reason() -> str:
    return request.form.get("reason", "")
