"""``vinhdanh publish`` and ``export``, and what ``vinhdanh check`` knows of this installation."""

import argparse
import sys

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, definitions, exchange, settings
from engine.database import transaction
from engine.errors import NotFoundError
from engine.ingest import Surroundings
from engine.models import Person
from web.wiring import install


def publish(options: argparse.Namespace) -> int:
    """Publish definitions from folders, four eyes included."""
    installed = install(settings.from_environment())
    for folder in options.folder:
        with transaction(installed.factory) as session:
            version = definitions.publish_folder(
                session,
                folder,
                author=_person(session, options.author),
                publisher=_person(session, options.publisher),
                now=clock.now(),
                drop_safeguards=options.drop_safeguards,
            )
            sys.stdout.write(f"{version.key} {version.number}\n")
    return 0


def export(options: argparse.Namespace) -> int:
    """Write a version, else the one in use, to a folder in the layout that ``publish`` reads."""
    installed = install(settings.from_environment())
    with installed.factory() as session:
        version = definitions.get_version(session, options.key, options.version)
        changed = exchange.write_folder(options.folder, version.key, definitions.files_of(version))
    sys.stdout.write(f"{version.key} {version.number}\n")
    sys.stdout.writelines(f"  {path}\n" for path in changed)
    return 0


def surroundings() -> Surroundings:
    """Return what diagrams may name here: the roles, actions and form sources of the processes."""
    from processes import wiring  # noqa: PLC0415  # heavy, and only this command needs it

    return Surroundings(
        roles=frozenset(wiring.ROLES),
        actions=frozenset(wiring.ACTIONS),
        form_sources=frozenset(wiring.FORM_SOURCES),
        now=clock.now(),
    )


def _person(session: Session, username: str) -> Person:
    person = session.scalar(select(Person).where(Person.username == username, Person.is_active))
    if person is None:
        raise NotFoundError(f"there is no active person {username!r}")
    return person
