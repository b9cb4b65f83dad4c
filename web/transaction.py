"""The one transaction of a request: opened by the view, committed at its end, else rolled back."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

from flask import current_app
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from engine import clock, messages, people
from engine.errors import EngineError, NotAllowedError
from engine.models import Person
from engine.people import Authority
from web.wiring import Installation

log = logging.getLogger(__name__)

MESSAGES_AT_ONCE = 200
"""A council's session sends one to each of its dossiers."""


def installation() -> Installation:
    """Return the installation this application serves."""
    return cast("Installation", current_app.extensions["vinhdanh"])


@contextmanager
def transaction() -> Generator[Session]:
    """Open a session that writes; commit at the end of the block."""
    with installation().factory() as session, session.begin():
        yield session


@contextmanager
def reading() -> Generator[Session]:
    """Open a session that only reads, so that pages never queue behind a writer."""
    with installation().factory() as session:
        session.connection(execution_options={"read_only": True})
        yield session


def deliver_messages() -> None:
    """Bring what was just thrown to whoever waits, so that nobody waits for the worker; failures are its."""
    try:
        messages.deliver_due(installation().factory, clock.now(), limit=MESSAGES_AT_ONCE)
    except (EngineError, SQLAlchemyError) as error:
        log.warning("messages stay for the worker: %s", type(error).__name__)


def current_person(session: Session) -> Person:
    """Return who is signed in, as a row of ``session``.

    Raises:
        NotAllowedError: nobody is, or the account was closed meanwhile.

    """
    person = session.get(Person, current_user.person_id) if current_user.is_authenticated else None
    if person is None or not person.is_active:
        raise NotAllowedError("nobody is signed in")
    return person


def current_authority(session: Session) -> Authority:
    """Return what the person signed in may do today, delegations included."""
    return people.authority_of(session, current_person(session), on=people.local_day(clock.now()))
