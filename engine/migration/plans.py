"""Plans that bring chosen instances to a version: made by an administrator, carried out, taken back."""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, joinedload, sessionmaker

from engine import definitions, instances, people, permissions, setup
from engine.database import transaction
from engine.errors import ConflictError, InvalidInputError, NotFoundError, StepFailedError
from engine.migration.change import change_back, change_version
from engine.models import (
    DefinitionVersion,
    InstanceMigration,
    InstanceState,
    MigrationPlan,
    MigrationState,
    Person,
    ProcessInstance,
    VersionState,
)
from engine.operations import reason_of, require_administrator
from engine.spiff import StateDamagedError

TO_DO: Final = (MigrationState.WAITING, MigrationState.UNDOING)
log = logging.getLogger(__name__)


def create_plan(  # noqa: PLR0913  # what a plan is
    session: Session,
    target: DefinitionVersion,
    *,
    chosen: Mapping[int, int],
    mapping: Mapping[str, str],
    reason: str,
    actor: Person,
    now: datetime,
) -> MigrationPlan:
    """Decide that instances go to a version; ``carry_out`` does it. Flushes.

    ``chosen`` is the id of each instance and the revision the actor has seen: one that moves on before its
    turn is left alone.

    Raises:
        NotAllowedError: the actor administers no processes.
        ConflictError: the target is not the version in use.
        InvalidInputError: no reason, no instances, or some of another process.

    """
    require_administrator(session, actor, now)
    if target.state is not VersionState.PUBLISHED:
        raise ConflictError(f"version {target.id} is {target.state.value}")
    said = reason_of(reason)
    _check_mapping(session, target, mapping)
    found = _running(session, target, chosen)
    plan = MigrationPlan(
        target_version=target, mapping=dict(mapping), reason=said, created_at=now, created_by=actor
    )
    plan.instances = [
        InstanceMigration(
            instance_id=instance_id,
            from_version_id=version_id,
            known_revision=chosen[instance_id],
            problem={},
        )
        for instance_id, version_id in found.items()
    ]
    session.add(plan)
    session.flush()
    return plan


def undo(session: Session, plan: MigrationPlan, *, actor: Person, now: datetime) -> int:
    """Ask for a plan's migrated instances to be put back, by ``carry_out``; return how many. Flushes.

    Raises:
        NotAllowedError: the actor administers no processes.

    """
    require_administrator(session, actor, now)
    migrated = (InstanceMigration.plan_id == plan.id, InstanceMigration.state == MigrationState.MIGRATED)
    ids = list(session.scalars(select(InstanceMigration.id).where(*migrated)))
    session.execute(
        update(InstanceMigration)
        .where(InstanceMigration.id.in_(ids), *migrated)
        .values(state=MigrationState.UNDOING, undone_by_id=actor.id, problem={})
    )
    return len(ids)


def carry_out(factory: sessionmaker[Session], *, now: datetime, limit: int = 100) -> int:
    """Migrate or put back the instances whose turn it is, each in a transaction of its own; return how many.

    Any number of workers may call it at once: each instance is taken once. What cannot be done is noted with
    its reason and holds up no other.
    """
    tried: list[int] = []
    for _ in range(limit):
        known = len(tried)
        try:
            with transaction(factory) as session:
                entry = _claim(session, tried)
                if entry is None:
                    break
                tried.append(entry.id)
                _do(session, entry, now)
        except OperationalError:
            # The database was busy or gone: it is tried again at the next ring.
            log.warning("migration %s waits for the database", tried[known:])
            break
        except Exception:
            log.exception("migration %s could not be carried out", tried[known:])
            if len(tried) == known:
                break
            _give_up(factory, tried[known])
    return len(tried)


def list_plans(session: Session, key: str) -> list[MigrationPlan]:
    """Return the plans of a process, the latest first. The caller has checked the reader."""
    found = (
        select(MigrationPlan)
        .join(DefinitionVersion, MigrationPlan.target_version_id == DefinitionVersion.id)
        .where(DefinitionVersion.key == key)
        .options(
            joinedload(MigrationPlan.target_version),
            joinedload(MigrationPlan.created_by),
            joinedload(MigrationPlan.instances).joinedload(InstanceMigration.instance),
            joinedload(MigrationPlan.instances).joinedload(InstanceMigration.from_version),
        )
        .order_by(MigrationPlan.id.desc())
    )
    return list(session.scalars(found).unique())


def get_plan(session: Session, plan_id: int, *, reader: Person, now: datetime) -> MigrationPlan:
    """Return a plan to an administrator, or to one who sees everything.

    Raises:
        NotFoundError: there is none, or the reader is neither.

    """
    plan = session.get(MigrationPlan, plan_id)
    authority = people.authority_of(session, reader, on=people.local_day(now))
    wiring = setup.of(session)
    if plan is None or not permissions.holds_any(authority, wiring.administers | wiring.sees_everything):
        raise NotFoundError(f"no migration plan {plan_id} for person {reader.id}")
    return plan


def _check_mapping(session: Session, target: DefinitionVersion, mapping: Mapping[str, str]) -> None:
    diagrams = definitions.program_of(session, target.id).diagrams.values()
    unknown = [name for name in mapping.values() if not any(name in each.elements for each in diagrams)]
    if unknown:
        raise InvalidInputError(f"version {target.id} has no elements {unknown}")


def _running(session: Session, target: DefinitionVersion, chosen: Iterable[int]) -> dict[int, int]:
    """Return the version of each chosen instance, which must be of the target's key and another version."""
    wanted = set(chosen)
    found = select(ProcessInstance.id, ProcessInstance.version_id).where(
        ProcessInstance.id.in_(wanted),
        ProcessInstance.key == target.key,
        ProcessInstance.version_id != target.id,
    )
    versions = dict(session.execute(found.order_by(ProcessInstance.id)).all())
    if not wanted or set(versions) != wanted:
        raise InvalidInputError(f"{len(wanted)} instances chosen, {len(versions)} can go to {target.id}")
    return versions


def _give_up(factory: sessionmaker[Session], entry_id: int) -> None:
    """Leave an instance as it is for good: what is broken would be broken at the next ring too."""
    with transaction(factory) as session:
        entry = session.get_one(InstanceMigration, entry_id, with_for_update=True)
        was_undoing = entry.state is MigrationState.UNDOING
        entry.state = MigrationState.MIGRATED if was_undoing else MigrationState.SKIPPED
        entry.problem = {"code": "broken"}


def _claim(session: Session, tried: list[int]) -> InstanceMigration | None:
    """Lock the instance of the first entry to be done that no other worker is busy with.

    Instances come first in the order of locks; so the entry itself is looked at again afterwards.
    """
    to_do = InstanceMigration.state.in_(TO_DO)
    query = (
        select(InstanceMigration.id)
        .join(ProcessInstance, InstanceMigration.instance_id == ProcessInstance.id)
        .where(to_do, InstanceMigration.id.not_in(tried))
        .order_by(InstanceMigration.id)
        .limit(1)
        .with_for_update(of=ProcessInstance, skip_locked=True)
    )
    while (found := session.scalar(query)) is not None:
        entry = session.scalar(select(InstanceMigration).where(InstanceMigration.id == found, to_do))
        if entry is not None:
            return entry
    return None


def _do(session: Session, entry: InstanceMigration, now: datetime) -> None:
    instance = instances.lock(session, entry.instance_id)
    act: Callable[[Session, InstanceMigration, ProcessInstance, datetime], None] = (
        _put_back if entry.state is MigrationState.UNDOING else _migrate
    )
    act(session, entry, instance, now)
    session.flush()


def _migrate(session: Session, entry: InstanceMigration, instance: ProcessInstance, now: datetime) -> None:
    entry.applied_at = now
    if _has_moved_on(instance, entry.known_revision, entry.from_version_id):
        _leave_alone(entry, {"code": "moved_on"})
        return
    try:
        change = change_version(session, instance, entry, actor=entry.plan.created_by, now=now)
    except (StepFailedError, StateDamagedError) as failure:
        if isinstance(failure.__cause__, OperationalError):
            # The database was busy or gone, no step was wrong: the whole transaction is tried again.
            raise failure.__cause__ from failure
        element_id = failure.element_id if isinstance(failure, StepFailedError) else None
        log.warning("instance %s stays at its version: %s", instance.id, failure)
        _leave_alone(entry, {"code": "failed", "element": element_id, "message": str(failure)})
        return
    if change is None:
        _leave_alone(entry, {"code": "unsettled"})
        return
    entry.state = MigrationState.MIGRATED
    entry.workflow, entry.variables, entry.rows = change.workflow, change.variables, dict(change.rows)
    entry.left_revision = instance.revision if change.can_be_undone else None


def _put_back(session: Session, entry: InstanceMigration, instance: ProcessInstance, now: datetime) -> None:
    entry.state = MigrationState.MIGRATED
    if entry.left_revision is None:
        entry.problem = {"code": "deeds"}
    elif _has_moved_on(instance, entry.left_revision, entry.plan.target_version_id, may_have_ended=True):
        entry.problem = {"code": "moved_on"}
    else:
        change_back(session, instance, entry, actor=entry.undone_by, now=now)
        entry.state, entry.undone_at = MigrationState.UNDONE, now


def _has_moved_on(
    instance: ProcessInstance, revision: int, version_id: int, *, may_have_ended: bool = False
) -> bool:
    has_ended = instance.state is not InstanceState.RUNNING and not may_have_ended
    return has_ended or (instance.revision, instance.version_id) != (revision, version_id)


def _leave_alone(entry: InstanceMigration, problem: dict[str, Any]) -> None:
    entry.state, entry.problem = MigrationState.SKIPPED, problem
