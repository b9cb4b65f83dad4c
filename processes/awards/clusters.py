"""Clusters of units (cụm, khối thi đua): who belongs to which, and who inspects whom in a year."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from engine import people
from engine.errors import NotFoundError
from engine.models import Unit
from engine.text import nfc
from processes.awards.errors import AnswerError
from processes.awards.models import Cluster, ClusterMember


class Place(TypedDict):
    """A unit's place: the code of its cluster, and of the member that inspects it."""

    cluster: str
    inspected_by: str


def ring(codes: Sequence[str], *, year: int) -> Mapping[str, str]:
    """Return who inspects whom: each unit's code -> the code of its inspector.

    The members stand in a ring and each inspects the one so many places on; the distance changes with the
    year, so that in a cluster of ``n`` the same two meet again after ``n - 1`` years. One alone has nobody.
    """
    count = len(codes)
    if count < 2:  # noqa: PLR2004  # it takes two
        return {}
    distance = 1 + year % (count - 1)
    return {codes[(place + distance) % count]: code for place, code in enumerate(codes)}


def find_clusters(session: Session) -> list[Cluster]:
    """Return all clusters with their members, by name."""
    query = select(Cluster).options(selectinload(Cluster.members)).order_by(Cluster.name, Cluster.id)
    return list(session.scalars(query))


def get_cluster(session: Session, cluster_id: int) -> Cluster:
    """Return a cluster; whoever may see inspections may see it.

    Raises:
        NotFoundError: there is none.

    """
    found = session.get(Cluster, cluster_id)
    if found is None:
        raise NotFoundError(f"no cluster {cluster_id}")
    return found


def inspectors_of(cluster: Cluster, *, year: int) -> Mapping[str, str]:
    """Return who inspects whom in the cluster that year, by unit code; not those that end within it."""
    last_day = date(year, 12, 31)
    units = [member.unit for member in cluster.members]
    return ring([unit.code for unit in units if not people.is_abolished(unit, on=last_day)], year=year)


def places(session: Session, *, year: int) -> Mapping[str, Place]:
    """Return the place of each unit that belongs to a cluster, by unit code."""
    return {
        member.unit.code: Place(
            cluster=cluster.code,
            inspected_by=inspectors_of(cluster, year=year).get(member.unit.code, ""),
        )
        for cluster in find_clusters(session)
        for member in cluster.members
    }


def add_cluster(session: Session, *, code: str, name: str, name_en: str = "") -> Cluster:
    """Add a cluster without members. Flushes.

    Raises:
        AnswerError: it has no name, or another has its code.

    """
    if not name.strip():
        raise AnswerError("Ghi tên cụm, khối.", "Write the name of the cluster.")
    if session.scalar(select(Cluster.id).where(Cluster.code == code)):
        raise AnswerError(f"Đã có cụm, khối mang mã {code}.", f"There is a cluster {code} already.")
    cluster = Cluster(code=code, name=nfc(name).strip(), name_en=nfc(name_en).strip())
    session.add(cluster)
    session.flush()
    return cluster


def set_members(session: Session, cluster: Cluster, units: Sequence[Unit]) -> None:
    """Make these units the cluster's members, in this order around the ring. Flushes.

    Raises:
        AnswerError: a unit belongs to another cluster.

    """
    ids = [unit.id for unit in units]
    taken = session.scalar(
        select(ClusterMember).where(
            ClusterMember.unit_id.in_(ids), ClusterMember.cluster_id != (cluster.id or 0)
        )
    )
    if taken is not None:
        unit, other = taken.unit, taken.cluster
        raise AnswerError(
            f"{unit.name} đã thuộc {other.name}. Đưa đơn vị ra khỏi đó trước.",
            f"{unit.name_en or unit.name} belongs to {other.name_en or other.name}. Take it out there first.",
        )
    kept = {member.unit_id: member for member in cluster.members}
    cluster.members = [
        kept.get(unit.id) or ClusterMember(unit=unit, position=0) for unit in dict.fromkeys(units)
    ]
    for position, member in enumerate(cluster.members, start=1):
        member.position = position
    session.flush()
