"""Where running instances stand: a definition's diagram with numbers on it, and one instance in full."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import clock, definitions, instances
from engine.calendar import load_calendar
from engine.errors import NotAllowedError, NotFoundError
from engine.instances import find_places, find_standings, usual_spans
from engine.models import DefinitionVersion, VersionState
from web import access, running_instance, subjects
from web.running_steps import Steps
from web.transaction import current_authority, current_person, reading

pages = Blueprint("running", __name__)


@pages.get("/definitions/<key>/running")
def show(key: str) -> ResponseReturnValue:
    """Show where the instances of a definition stand, all versions or one, and who is at a chosen element."""
    args, now = request.args, clock.now()
    with reading() as session:
        require_reader(session)
        versions = definitions.find_versions(session, key)
        if not versions:
            raise NotFoundError(f"no definition {key}")
        chosen = next((one for one in versions if str(one.id) == args.get("version")), None)
        drawn = chosen or _in_use(versions)
        version_id = chosen.id if chosen else None
        calendar = load_calendar(session)
        steps = Steps(session, drawn, versions)
        rows = steps.rows(
            find_standings(session, key, version_id=version_id, now=now),
            usual_spans(session, key, calendar, version_id=version_id),
        )
        element_id = args.get("element") or None
        found = find_places(
            session,
            key,
            version_id=version_id,
            element_id=element_id,
            text=args.get("q", ""),
            page=args.get("page", 1, type=int),
        )
        return render_template(
            "running/show.html",
            drawn=drawn,
            versions=versions,
            chosen=chosen,
            rows=rows,
            marks=steps.marks(rows),
            element_id=element_id,
            element_name=steps.name(element_id) if element_id else "",
            found=found,
            lines=[steps.place_line(place, now) for place in found.places],
            about=subjects.of_instances(session, [place.instance for place in found.places]),
            q=args.get("q", ""),
            now=now,
        )


@pages.get("/instances/<int:instance_id>")
def instance(instance_id: int) -> ResponseReturnValue:
    """Show one instance: where it is, what it waits for, its values and its history, and what may be done."""
    now = clock.now()
    with reading() as session:
        require_reader(session)
        found = instances.get_instance(session, instance_id, reader=current_person(session), now=now)
        may_operate = access.can_operate(current_authority(session))
        return render_template(
            "running/instance.html",
            subject=subjects.of_instances(session, [found])[found.id],
            may_mend=access.can_mend(current_authority(session)),
            may_see_mails=access.can_see_mails(current_authority(session)),
            now=now,
            **running_instance.gather(session, found, may_operate=may_operate, now=now),
        )


def require_reader(session: Session) -> None:
    """Refuse whoever may not see how processes run.

    Raises:
        NotAllowedError: the person administers nothing and audits nothing.

    """
    if not access.can_see_definitions(current_authority(session)):
        raise NotAllowedError("running processes are the administrators'")


def _in_use(versions: list[DefinitionVersion]) -> DefinitionVersion:
    """Return the version that new instances use, else the newest."""
    return next((one for one in versions if one.state is VersionState.PUBLISHED), versions[0])
