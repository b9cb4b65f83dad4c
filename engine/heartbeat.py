"""Whether a worker is alive: without one no reminder, deadline or recurring start happens."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.models import Heartbeat

SILENCE_LIMIT: Final = timedelta(minutes=3)
"""A worker beats four times a minute; one that has not for so long is taken for dead."""
_LAST_BEAT: Final = select(func.max(Heartbeat.beat_at))


def last_beat(session: Session) -> datetime | None:
    """Return when any worker was last alive; None where none has been within a day. One read of an index."""
    return session.scalar(_LAST_BEAT)


def is_silent(beat_at: datetime | None, now: datetime) -> bool:
    """Whether nobody beats any more."""
    return beat_at is None or now - beat_at > SILENCE_LIMIT
