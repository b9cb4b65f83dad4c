"""Brings messages to the instances that wait for them, and to the processes they start: each once."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine import definitions, history, incidents, instances
from engine.database import transaction
from engine.errors import ConflictError, InstanceSuspendedError, StepFailedError
from engine.feel import Value, from_json
from engine.instances import DeliverMessage, StartProcess, throw_message
from engine.models import (
    DefinitionVersion,
    Message,
    MessageSubscription,
    ProcessInstance,
    Unit,
    VersionState,
)

__all__ = ["deliver_due", "throw_message"]

log = logging.getLogger(__name__)

_PAUSES: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 60))
"""How long to wait between tries while nobody wants a message; the last one again and again."""


def deliver_due(factory: sessionmaker[Session], now: datetime, *, limit: int = 100) -> int:
    """Deliver what is due, each message in a transaction of its own; return how many found somebody.

    Any number of workers may call it at once. What fails becomes an incident and holds up no other message.
    """
    delivered = 0
    tried: list[int] = []
    for _ in range(limit):
        known = len(tried)
        try:
            with transaction(factory) as session:
                message = _claim(session, now, tried)
                if message is None:
                    break
                tried.append(message.id)
                delivered += _deliver(session, message, now)
        except Exception:
            # One broken row must not keep the others waiting; it is tried again at the next ring.
            log.exception("message %s could not be delivered", tried[known:])
            if len(tried) == known:
                break
    return delivered


def deliver_held(session: Session, instance_id: int, *, now: datetime) -> None:
    """Hand an instance that goes on again the messages that came while it was suspended, in their order."""
    held = select(MessageSubscription, Message).join(
        Message, Message.id == MessageSubscription.held_message_id
    )
    of_instance = held.where(MessageSubscription.instance_id == instance_id).order_by(Message.id)
    for wait, message in session.execute(of_instance).all():
        wait.held_message_id = None
        _hand_to(session, message, wait, _variables(message), now)


def _claim(session: Session, now: datetime, tried: list[int]) -> Message | None:
    found = select(Message).where(Message.due_at <= now, Message.id.not_in(tried))
    return session.scalar(
        found.order_by(Message.due_at, Message.id).limit(1).with_for_update(skip_locked=True)
    )


def _deliver(session: Session, message: Message, now: datetime) -> bool:
    """Hand a message to one wait of each process and to the start events it names."""
    if message.expires_at <= now:
        log.warning("message %s (%s) expired: nobody wanted it", message.id, message.name)
        message.due_at = None
        return False
    variables = _variables(message)
    received = [_hand_to(session, message, wait, variables, now) for wait in _waits(session, message)]
    starts = _starts(session, message)
    for start in starts:
        _start(session, message, start, variables, now)
    if any(received) or starts:
        message.due_at, message.delivered_at = None, now
        return True
    message.due_at = now + _pause_after(now - message.thrown_at)
    return False


def _waits(session: Session, message: Message) -> list[MessageSubscription]:
    """Return the longest wait of each process, in the order in which instances are locked.

    As in Camunda 8, a message reaches one instance of a process: a key that all share is no loudspeaker.
    """
    found = (
        select(ProcessInstance.key, MessageSubscription)
        .select_from(MessageSubscription)
        .join(ProcessInstance, ProcessInstance.id == MessageSubscription.instance_id)
        .where(
            MessageSubscription.name == message.name,
            MessageSubscription.correlation_key == message.correlation_key,
            MessageSubscription.held_message_id.is_(None),
        )
        .order_by(
            MessageSubscription.waiting_since.desc(),
            MessageSubscription.instance_id.desc(),
            MessageSubscription.workflow_task_id.desc(),
        )
    )
    longest = dict(session.execute(found).all())
    return sorted(longest.values(), key=lambda wait: wait.instance_id)


def _hand_to(
    session: Session,
    message: Message,
    wait: MessageSubscription,
    variables: Mapping[str, Value],
    now: datetime,
) -> bool:
    command = DeliverMessage(wait.workflow_task_id, message.name, variables, message.id)
    try:
        incidents.attempt(session, wait.instance_id, command, actor=None, now=now)
    except InstanceSuspendedError:
        return _hold(session, message, wait, variables, now)
    except ConflictError as gone:
        log.info("message %s: %s", message.id, gone)
        return False
    return True


def _hold(
    session: Session,
    message: Message,
    wait: MessageSubscription,
    variables: Mapping[str, Value],
    now: datetime,
) -> bool:
    """Keep a message for a suspended instance, unless it has been resumed before we had its lock."""
    instance = instances.lock(session, wait.instance_id)
    session.refresh(wait)
    if instance.suspended_at is None or wait.held_message_id is not None:
        return _hand_to(session, message, wait, variables, now)
    wait.held_message_id = message.id
    session.flush()
    return True


def _starts(session: Session, message: Message) -> list[tuple[str, str]]:
    """Return key and start event of the published definitions that this message starts."""
    published = (
        select(DefinitionVersion.key, DefinitionVersion.id)
        .where(DefinitionVersion.state == VersionState.PUBLISHED)
        .order_by(DefinitionVersion.number)
    )
    latest = {row.key: row.id for row in session.execute(published)}
    return [
        (key, element_id)
        for key, version_id in sorted(latest.items())
        for element_id in _start_events(session, key, version_id, message.name)
    ]


def _start_events(session: Session, key: str, version_id: int, name: str) -> list[str]:
    program = definitions.program_of(session, version_id)
    return [
        element.id
        for diagram in program.diagrams.values()
        for element in diagram.elements.values()
        if element.kind == "startEvent"
        and element.scope_id == key
        and element.event is not None
        and element.event.kind == "message"
        and element.event.name == name
    ]


def _start(
    session: Session,
    message: Message,
    start: tuple[str, str],
    variables: Mapping[str, Value],
    now: datetime,
) -> None:
    """Start an instance; the variables ``business_key``, ``title`` and ``unit_code`` describe it."""
    key, element_id = start
    unit = session.scalar(select(Unit).where(Unit.code == str(variables.get("unit_code", ""))))
    business_key = variables.get("business_key")
    command = StartProcess(
        key=key,
        variables=variables,
        business_key=str(business_key) if business_key is not None else None,
        title=str(variables.get("title", "")),
        unit_id=unit.id if unit else None,
        start_element_id=element_id,
    )
    try:
        instance = incidents.start(session, command, actor=None, now=now)
    except StepFailedError as failure:
        incidents.record(session, failure, command, instance_id=None, actor=None, now=now)
        return
    history.append(
        session,
        instance_id=instance.id,
        kind="message_received",
        actor=None,
        now=now,
        element_id=element_id,
        details={"name": message.name, "message": message.id},
    )


def _variables(message: Message) -> Mapping[str, Value]:
    variables = from_json(json.loads(message.variables))
    return variables if isinstance(variables, dict) else {}


def _pause_after(age: timedelta) -> timedelta:
    """Return the pause before the next try: about as long as the message has waited, a minute at most."""
    return next((pause for pause in _PAUSES if age < pause), _PAUSES[-1])
