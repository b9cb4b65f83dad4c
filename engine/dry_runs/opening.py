"""What a dry run needs before it begins: files that can run, their forms, a morning on which people work."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Final

from sqlalchemy.orm import Session

from engine import people
from engine.calendar import at_local_time, load_calendar
from engine.definitions import NotPublishableError
from engine.forms import Form, parse_schema
from engine.ingest import Severity, Surroundings, check_files

_EIGHT: Final = time(8)


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


def first_morning(session: Session, now: datetime) -> datetime:
    """Return 08:00 of this day, or of the next on which people work."""
    return at_local_time(load_calendar(session).next_working_day(people.local_day(now)), _EIGHT)
