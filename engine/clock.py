"""The one place that asks the system for the time."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

CITY_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""Where people read the time; moments are stored in UTC."""


def now() -> datetime:
    """Return this moment, aware, in UTC. Only views, commands and jobs call it."""
    return datetime.now(UTC)
