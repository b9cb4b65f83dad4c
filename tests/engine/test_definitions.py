"""Versions of a definition: immutable, numbered, published by a second person."""

from datetime import datetime
from pathlib import Path

import pytest
from ingest_diagrams import FORM, around, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import bundles, definitions, people
from engine.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from engine.ingest import XmlRefusedError
from engine.models import HistoryEvent, Person, VersionState
from engine.setup import Role, Setup

FILES = {"leave.bpmn": around(user_task("ask"), "ask"), "note.form": FORM}


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    """Return an installation that knows one role."""
    return Setup(roles={"officer": Role("officer", "Chuyên viên", "Officer")}, files=tmp_path)


@pytest.fixture
def author(session: Session) -> Person:
    """Return who writes."""
    return people.create_person(session, username="author", full_name="Người Viết")


@pytest.fixture
def publisher(session: Session) -> Person:
    """Return who publishes."""
    return people.create_person(session, username="publisher", full_name="Người Ban Hành")


def test_draft_keeps_its_files(session: Session, author: Person, monday: datetime) -> None:
    version = definitions.create_draft(session, "leave", FILES, author=author, now=monday)

    assert (version.number, version.state, version.name) == (1, VersionState.DRAFT, "Nghỉ phép")
    assert definitions.files_of(version) == FILES
    assert definitions.diagram_source(version) == FILES["leave.bpmn"]


def test_digest_does_not_depend_on_the_order_of_files() -> None:
    assert bundles.digest(FILES) == bundles.digest(dict(reversed(FILES.items())))
    assert bundles.digest({"ab": b"c"}) != bundles.digest({"a": b"bc"})


def test_stored_files_that_were_changed_are_refused() -> None:
    packed = bundles.pack(FILES)

    for damaged in (packed[:-1], b"", bundles.pack({**FILES, "note.form": b"{}"})):
        with pytest.raises(bundles.BundleDamagedError):
            bundles.unpack(damaged, bundles.digest(FILES))


@pytest.mark.parametrize(
    "name", ["../x.bpmn", "a/b.bpmn", "a\\b.form", "a\x00.bpmn", ".bpmn", "x.py", "a" * 130 + ".bpmn"]
)
def test_file_names_are_plain(name: str) -> None:
    with pytest.raises(InvalidInputError):
        bundles.pack({name: b""})


def test_author_does_not_publish(session: Session, author: Person, monday: datetime) -> None:
    version = definitions.create_draft(session, "leave", FILES, author=author, now=monday)

    with pytest.raises(NotAllowedError):
        definitions.publish(session, version, publisher=author, now=monday)

    assert version.state is VersionState.DRAFT


def test_publishing_retires_the_version_before(
    session: Session, author: Person, publisher: Person, monday: datetime
) -> None:
    first = definitions.create_draft(session, "leave", FILES, author=author, now=monday)
    definitions.publish(session, first, publisher=publisher, now=monday)
    second = definitions.create_draft(session, "leave", FILES, author=author, now=monday)
    assert definitions.latest_published(session, "leave") is first

    definitions.publish(session, second, publisher=publisher, now=monday)

    assert definitions.latest_published(session, "leave") is second
    assert (first.state, second.number) == (VersionState.RETIRED, 2)
    with pytest.raises(ConflictError):
        definitions.publish(session, first, publisher=publisher, now=monday)


def test_what_is_missing_stands_in_the_way(
    session: Session, author: Person, publisher: Person, monday: datetime
) -> None:
    version = definitions.create_draft(
        session, "leave", {"leave.bpmn": FILES["leave.bpmn"]}, author=author, now=monday
    )

    with pytest.raises(definitions.NotPublishableError) as refused:
        definitions.publish(session, version, publisher=publisher, now=monday)

    assert [problem.code for problem in refused.value.problems] == ["form_missing"]


def test_draft_needs_its_main_process(session: Session, author: Person, monday: datetime) -> None:
    with pytest.raises(InvalidInputError):
        definitions.create_draft(session, "other", FILES, author=author, now=monday)
    with pytest.raises(XmlRefusedError):
        definitions.create_draft(session, "leave", {"leave.bpmn": b"<"}, author=author, now=monday)


def test_folder_is_published_once(
    session: Session, author: Person, publisher: Person, monday: datetime, tmp_path: Path
) -> None:
    folder = tmp_path / "processes" / "leave"
    folder.mkdir(parents=True)
    (folder / "leave.bpmn").write_bytes(FILES["leave.bpmn"])
    (tmp_path / "forms" / "leave").mkdir(parents=True)
    (tmp_path / "forms" / "leave" / "note.form").write_bytes(FORM)

    first = definitions.publish_folder(session, folder, author=author, publisher=publisher, now=monday)
    again = definitions.publish_folder(session, folder, author=author, publisher=publisher, now=monday)

    assert first is again
    assert definitions.files_of(first) == FILES


def test_form_and_program_belong_to_the_version(session: Session, author: Person, monday: datetime) -> None:
    version = definitions.create_draft(session, "leave", FILES, author=author, now=monday)

    assert definitions.form_of(session, version.id, "note").id == "note"
    with pytest.raises(NotFoundError):
        definitions.form_of(session, version.id, "other")
    with pytest.raises(NotFoundError):
        definitions.form_of(session, version.id + 1, "note")


def test_history_tells_who_published_what(
    session: Session, author: Person, publisher: Person, monday: datetime
) -> None:
    version = definitions.create_draft(session, "leave", FILES, author=author, now=monday)
    definitions.publish(session, version, publisher=publisher, now=monday)

    events = session.scalars(select(HistoryEvent).order_by(HistoryEvent.number)).all()

    told = [(event.kind, event.actor_id, event.details["sha256"]) for event in events]
    assert told == [
        ("definition_drafted", author.id, version.sha256),
        ("definition_published", publisher.id, version.sha256),
    ]


def test_version_that_drops_a_mandatory_step_is_not_published(
    session: Session, author: Person, publisher: Person, monday: datetime
) -> None:
    mandatory = '<zeebe:properties><zeebe:property name="mandatory" value="yes"/></zeebe:properties>'
    guarded = {**FILES, "leave.bpmn": around(user_task("ask", more=mandatory), "ask")}
    first = definitions.create_draft(session, "leave", guarded, author=author, now=monday)
    definitions.publish(session, first, publisher=publisher, now=monday)
    second = definitions.create_draft(session, "leave", FILES, author=author, now=monday)

    with pytest.raises(definitions.NotPublishableError) as refusal:
        definitions.publish(session, second, publisher=publisher, now=monday)

    assert [problem.code for problem in refusal.value.problems] == ["mandatory_unmarked"]

    definitions.publish(session, second, publisher=publisher, now=monday, drop_safeguards=True)

    assert second.state is VersionState.PUBLISHED
    dropped = select(HistoryEvent).where(HistoryEvent.kind == "safeguards_dropped")
    assert session.scalars(dropped).one().actor_id == publisher.id
