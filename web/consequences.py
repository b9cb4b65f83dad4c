"""What a version does to instances that run: previewed by groups, carried out by a plan, taken back."""

from collections import Counter

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, migration
from engine.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from engine.models import DefinitionVersion, MigrationPlan, MigrationState, VersionState
from web import access, consequence_lines, subjects
from web.i18n import gettext as _
from web.transaction import current_authority, current_person, installation, reading, transaction

pages = Blueprint("consequences", __name__)

AT_ONCE = 50
"""So many instances are migrated while the administrator waits; the worker does the rest."""
MAPPING_PREFIX = "to."


@pages.get("/definitions/<int:version_id>/consequences")
def show(version_id: int) -> ResponseReturnValue:
    """Show, by groups, what the version does to what runs on others, and the plans so far."""
    with reading() as session:
        version = _get_version(session, version_id)
        try:
            groups = migration.find_groups(session, version, now=clock.now())
        except InvalidInputError:
            flash(_("Bản này còn lỗi nên chưa xem trước được ảnh hưởng đến hồ sơ đang chạy."), "stop")
            return redirect(url_for("definitions.show", version_id=version_id))
        plans = migration.list_plans(session, version.key)
        return render_template(
            "consequences/show.html",
            version=version,
            lines=consequence_lines.lines_of(session, version, groups),
            questions=consequence_lines.questions_of(session, version, groups),
            totals=consequence_lines.totals_of(groups),
            plans=[(plan, _counts(plan)) for plan in plans],
            may_migrate=version.state is VersionState.PUBLISHED
            and access.can_operate(current_authority(session)),
            prefix=MAPPING_PREFIX,
        )


@pages.post("/definitions/<int:version_id>/consequences")
def migrate(version_id: int) -> ResponseReturnValue:
    """Plan to bring the chosen groups to the version, and begin at once."""
    mapping = {
        name.removeprefix(MAPPING_PREFIX): target
        for name, target in request.form.items()
        if name.startswith(MAPPING_PREFIX) and target
    }
    try:
        with transaction() as session:
            version = _get_version(session, version_id)
            _require_operator(session)
            plan_id = migration.create_plan(
                session,
                version,
                chosen=consequence_lines.chosen_of(request.form.getlist("group")),
                mapping=mapping,
                reason=request.form.get("reason", ""),
                actor=current_person(session),
                now=clock.now(),
            ).id
    except InvalidInputError:
        flash(_("Chưa chuyển gì: chọn ít nhất một nhóm hồ sơ và ghi lý do."), "stop")
        return redirect(url_for("consequences.show", version_id=version_id))
    except ConflictError:
        flash(_("Chưa chuyển gì: chỉ chuyển được sang bản đang dùng."), "stop")
        return redirect(url_for("consequences.show", version_id=version_id))
    migration.carry_out(installation().factory, now=clock.now(), limit=AT_ONCE)
    return redirect(url_for("consequences.plan", plan_id=plan_id))


@pages.get("/migrations/<int:plan_id>")
def plan(plan_id: int) -> ResponseReturnValue:
    """Show what became of each instance of a plan; while some wait, the page asks again by itself."""
    with reading() as session:
        found = _get_plan(session, plan_id)
        counts = _counts(found)
        entries = sorted(found.instances, key=lambda entry: entry.id)
        return render_template(
            "consequences/plan.html",
            plan=found,
            version=found.target_version,
            entries=entries,
            about=subjects.of_instances(session, [entry.instance for entry in entries]),
            problems={entry.id: consequence_lines.problem_of(session, entry) for entry in entries},
            ways=consequence_lines.ways_of(session, found),
            counts=counts,
            is_working=counts[MigrationState.WAITING.value] + counts[MigrationState.UNDOING.value] > 0,
            may_undo=access.can_operate(current_authority(session))
            and counts[MigrationState.MIGRATED.value] > 0,
        )


@pages.post("/migrations/<int:plan_id>/undo")
def undo(plan_id: int) -> ResponseReturnValue:
    """Put back the instances of a plan that have not moved on since."""
    with transaction() as session:
        _require_operator(session)
        found = _get_plan(session, plan_id)
        migration.undo(session, found, actor=current_person(session), now=clock.now())
    migration.carry_out(installation().factory, now=clock.now(), limit=AT_ONCE)
    return redirect(url_for("consequences.plan", plan_id=plan_id))


def _get_version(session: Session, version_id: int) -> DefinitionVersion:
    if not access.can_see_definitions(current_authority(session)):
        raise NotAllowedError("processes are the administrators'")
    version = session.get(DefinitionVersion, version_id)
    if version is None:
        raise NotFoundError(f"no version {version_id}")
    return version


def _get_plan(session: Session, plan_id: int) -> MigrationPlan:
    return migration.get_plan(session, plan_id, reader=current_person(session), now=clock.now())


def _require_operator(session: Session) -> None:
    if not access.can_operate(current_authority(session)):
        raise NotAllowedError("migrations are the process administrator's")


def _counts(found: MigrationPlan) -> Counter[str]:
    return Counter(entry.state.value for entry in found.instances)
