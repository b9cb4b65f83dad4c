"""Puts messages on their way; ``engine.messages`` delivers them, in a transaction of their own."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from engine.feel import Value, to_feel, to_json
from engine.models import Message, ProcessInstance

LIFETIME: Final = timedelta(days=365)
"""How long a message waits for somebody who wants it."""


def throw_message(  # noqa: PLR0913  # what a message is
    session: Session,
    name: str,
    correlation_key: str,
    variables: Mapping[str, Value],
    *,
    now: datetime,
    thrown_by: ProcessInstance | None = None,
    lifetime: timedelta = LIFETIME,
) -> Message:
    """Write a message for whoever waits for it, now or later. Flushes; delivered after the commit.

    An empty ``correlation_key`` matches only waits and start events without one.
    """
    message = Message(
        name=name,
        correlation_key=correlation_key,
        variables=json.dumps(to_json(to_feel(variables))).encode(),
        thrown_at=now,
        thrown_by_instance_id=thrown_by.id if thrown_by else None,
        due_at=now,
        expires_at=now + lifetime,
    )
    session.add(message)
    session.flush()
    return message
