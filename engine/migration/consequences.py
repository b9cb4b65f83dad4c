"""What publishing a version, or bringing instances to it, would do to each that runs; nothing is written."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from engine import definitions
from engine.errors import StepFailedError
from engine.instances.host import StepHost
from engine.migration.change import attempt
from engine.migration.moments import Moments, waiting_since
from engine.models import DefinitionVersion, InstanceState, ProcessInstance
from engine.spiff import Armed, Fate, Finding, Migration, Reason, StateDamagedError

AT_ONCE: Final = 200
"""So many instances are held in memory at a time."""


class Verdict(enum.Enum):
    """What becomes of an instance."""

    CONTINUES = "continues"
    NEEDS_MAPPING = "needs_mapping"
    BLOCKED = "blocked"


@dataclass
class Group:
    """Instances of one version that wait at the same elements and fare alike."""

    version: DefinitionVersion
    verdict: Verdict
    findings: tuple[Finding, ...]
    """Each element where they wait, and where they go."""
    armed: tuple[str, ...]
    """Elements of the new version that will also be waited for."""
    dropped: tuple[str, ...]
    """Elements that nothing will wait for any longer."""
    instances: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    """Id and revision of each."""
    overdue: int = 0
    """How many of them have a new deadline that has passed already: it falls due at once."""
    suspended: int = 0


def find_groups(
    session: Session,
    target: DefinitionVersion,
    *,
    mapping: Mapping[str, str] | None = None,
    now: datetime,
) -> list[Group]:
    """Try each running instance of another version of the key on a copy; the largest groups come first.

    Without a mapping the proposals stand, so that what is shown has been tried. The caller has checked the
    reader.
    """
    versions = {version.id: version for version in definitions.find_versions(session, target.key)}
    groups: dict[object, Group] = {}
    for instances in _batches(session, target):
        moments = waiting_since(session, [instance.id for instance in instances])
        for instance in instances:
            migration = _try(session, instance, target, mapping or {}, moments, now)
            group = _group_of(groups, versions[instance.version_id], migration)
            group.instances.append((instance.id, instance.revision))
            group.overdue += any(_is_overdue(armed, now) for armed in migration.armed)
            group.suspended += instance.suspended_at is not None
            session.expunge(instance)
    order = {Verdict.BLOCKED: 0, Verdict.NEEDS_MAPPING: 1, Verdict.CONTINUES: 2}
    return sorted(groups.values(), key=lambda group: (order[group.verdict], -len(group.instances)))


def _batches(session: Session, target: DefinitionVersion) -> Iterable[list[ProcessInstance]]:
    last = 0
    while True:
        found = (
            select(ProcessInstance)
            .where(
                ProcessInstance.key == target.key,
                ProcessInstance.state == InstanceState.RUNNING,
                ProcessInstance.version_id != target.id,
                ProcessInstance.id > last,
            )
            .options(undefer(ProcessInstance.workflow), undefer(ProcessInstance.variables))
            .order_by(ProcessInstance.id)
            .limit(AT_ONCE)
        )
        instances = list(session.scalars(found))
        if not instances:
            return
        yield instances
        last = instances[-1].id


def _try(  # noqa: PLR0913, PLR0917  # as ``attempt``
    session: Session,
    instance: ProcessInstance,
    target: DefinitionVersion,
    mapping: Mapping[str, str],
    moments: Moments,
    now: datetime,
) -> Migration:
    host = StepHost(session, instance, actor=None, now=now)

    def trial(chosen: Mapping[str, str]) -> Migration:
        return attempt(
            session, instance, target.id, mapping=chosen, moments=moments, host=host, is_trial=True
        )

    try:
        first = trial(mapping)
        proposed = {
            finding.element_id: finding.target_id
            for finding in first.findings
            if finding.fate is Fate.UNDECIDED and finding.target_id is not None
        }
        if first.execution is None and proposed:
            with_proposals = trial({**mapping, **proposed})
            return Migration(first.findings, with_proposals.armed, with_proposals.dropped)
    except StepFailedError as failure:
        return Migration((Finding(failure.element_id or "", Fate.BLOCKED, reason=Reason.EXPRESSION),))
    except StateDamagedError:
        return Migration((Finding("", Fate.BLOCKED, reason=Reason.DAMAGED),))
    return first


def _group_of(groups: dict[object, Group], version: DefinitionVersion, migration: Migration) -> Group:
    findings = tuple(sorted(migration.findings, key=lambda finding: finding.element_id))
    armed = tuple(dict.fromkeys(armed.element_id for armed in migration.armed))
    key = (version.id, findings, armed, migration.dropped)
    if key not in groups:
        groups[key] = Group(version, _verdict(findings), findings, armed, migration.dropped)
    return groups[key]


def _verdict(findings: Iterable[Finding]) -> Verdict:
    fates = {finding.fate for finding in findings}
    if Fate.BLOCKED in fates:
        return Verdict.BLOCKED
    return Verdict.NEEDS_MAPPING if Fate.UNDECIDED in fates else Verdict.CONTINUES


def _is_overdue(armed: Armed, now: datetime) -> bool:
    return armed.due_at is not None and armed.due_at <= now
