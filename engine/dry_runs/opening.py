"""What a dry run needs before it begins: files that can run, their forms, a morning on which people work."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import definitions, files, people
from engine.calendar import DayOverride, at_local_time, load_calendar, override_day
from engine.database import transaction
from engine.definitions import NotPublishableError
from engine.dry_runs.cast import player_of
from engine.dry_runs.scratch import Scratch
from engine.forms import Form, parse_schema
from engine.ingest import Severity, Surroundings, check_files
from engine.models import ProcessInstance, Upload, VersionState
from engine.setup import Setup

_EIGHT: Final = time(8)
_SAMPLE: Final = b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\n%%EOF\n"


def refuse_broken(bundle: Mapping[str, bytes]) -> None:
    """Let files pass that can run; that they name something which is not here does not matter.

    Raises:
        NotPublishableError: something cannot run as drawn; its ``problems`` say what.

    """
    found = check_files(bundle, Surroundings())
    errors = [p for problems in found.values() for p in problems if p.severity is Severity.ERROR]
    if errors:
        raise NotPublishableError(f"{len(errors)} problems stand in the way of a dry run", errors)


def forms_of(bundle: Mapping[str, bytes]) -> dict[str, Form]:
    """Return the forms of a bundle by their ids."""
    forms = [parse_schema(content) for name, content in bundle.items() if name.endswith(".form")]
    return {form.id: form for form in forms}


def open_scratch(
    key: str, bundle: Mapping[str, bytes], setup: Setup, days: Mapping[date, DayOverride], *, now: datetime
) -> Scratch:
    """Return a scratch that holds the definition, published at 08:00 of the next day on which people work.

    Raises:
        NotPublishableError, InvalidInputError: as ``DryRun.begin``.

    """
    refuse_broken(bundle)
    scratch = Scratch()
    with transaction(scratch.factory(setup)) as session:
        for day, decision in days.items():
            override_day(session, day, is_working=decision.is_working, name=decision.name)
        first_day = load_calendar(session).next_working_day(people.local_day(now))
        morning = at_local_time(first_day, _EIGHT)
        version = definitions.create_draft(session, key, bundle, author=None, now=morning)
        version.state, version.published_at = VersionState.PUBLISHED, morning
    return scratch


def add_samples(session: Session, *, now: datetime) -> None:
    """Give every instance a file that made-up answers can name. Flushes."""
    with_file = select(Upload.instance_id).where(Upload.instance_id.is_not(None))
    for instance in session.scalars(select(ProcessInstance).where(ProcessInstance.id.not_in(with_file))):
        player = player_of(session)
        files.store_upload(session, _SAMPLE, "sample.pdf", person=player, now=now, instance=instance)
