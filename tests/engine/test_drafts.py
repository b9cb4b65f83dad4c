"""Drafts: one of each definition, changed under the eyes of others, published by a stranger to it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from factories import MONDAY
from ingest_diagrams import FORM, around, user_task
from ingest_diagrams import definitions as diagram_file
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine import database, definitions, drafts, history, people
from engine.definitions import NotPublishableError
from engine.drafts import DraftConflictError, UnreadableError, blank
from engine.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from engine.ingest import Severity, Surroundings, check_files
from engine.models import (
    DefinitionDraft,
    DefinitionVersion,
    DraftEdit,
    DraftVisit,
    HistoryEvent,
    Person,
    VersionState,
)
from engine.setup import Role, Setup

FILES = {"leave.bpmn": around(user_task("ask"), "ask"), "note.form": FORM}
OTHER = around(user_task("ask_again"), "ask_again")


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    return Setup(roles={"officer": Role("officer", "Chuyên viên", "Officer")}, files=tmp_path)


@pytest.fixture
def anna(session: Session) -> Person:
    """Return who draws; she is the officer too, so that tasks reach somebody."""
    anna = people.create_person(session, username="anna", full_name="Trần Thị An")
    people.give_role(session, anna, "officer", now=MONDAY)
    return anna


@pytest.fixture
def binh(session: Session) -> Person:
    return people.create_person(session, username="binh", full_name="Lê Văn Bình")


@pytest.fixture
def chi(session: Session) -> Person:
    return people.create_person(session, username="chi", full_name="Phạm Kim Chi")


@pytest.fixture
def published(session: Session, anna: Person, binh: Person) -> DefinitionVersion:
    version = definitions.create_draft(session, "leave", FILES, author=anna, now=MONDAY)
    definitions.publish(session, version, publisher=binh, now=MONDAY)
    return version


@pytest.fixture
def draft(session: Session, published: DefinitionVersion, anna: Person) -> DefinitionDraft:
    return drafts.open_draft(session, published.key, editor=anna, now=MONDAY)


def _write(
    session: Session, draft: DefinitionDraft, content: bytes, *, editor: Person, now: datetime
) -> drafts.DraftFile:
    seen = drafts.read_file(draft, "leave.bpmn").sha256
    return drafts.write_file(
        session, draft, "leave.bpmn", content, expected_sha256=seen, editor=editor, now=now
    )


def test_there_is_one_draft_of_a_definition(
    session: Session, draft: DefinitionDraft, published: DefinitionVersion, binh: Person
) -> None:
    again = drafts.open_draft(session, "leave", editor=binh, now=MONDAY)

    assert again is draft
    assert (draft.base_version, drafts.files_of(draft)) == (published, FILES)
    assert not drafts.is_changed(draft)
    assert drafts.edits_of(session, draft) == []


def test_an_unknown_definition_has_no_draft(session: Session, anna: Person) -> None:
    with pytest.raises(NotFoundError):
        drafts.open_draft(session, "nowhere", editor=anna, now=MONDAY)


def test_what_is_written_is_read_again(session: Session, draft: DefinitionDraft, binh: Person) -> None:
    written = _write(session, draft, OTHER, editor=binh, now=MONDAY)

    session.expire_all()
    assert drafts.read_file(draft, "leave.bpmn") == written
    assert drafts.read_file(draft, "note.form").content == FORM
    assert (draft.updated_by, drafts.is_changed(draft)) == (binh, True)
    assert [(edit.file, edit.person) for edit in drafts.edits_of(session, draft)] == [("leave.bpmn", binh)]


def test_who_saves_the_same_again_has_changed_nothing(
    session: Session, draft: DefinitionDraft, binh: Person
) -> None:
    _write(session, draft, FILES["leave.bpmn"], editor=binh, now=MONDAY)

    assert drafts.edits_of(session, draft) == []


def test_nobody_saves_over_what_he_has_not_seen(
    session: Session, draft: DefinitionDraft, anna: Person, binh: Person
) -> None:
    seen = drafts.read_file(draft, "leave.bpmn").sha256
    stored = _write(session, draft, OTHER, editor=binh, now=MONDAY)

    with pytest.raises(DraftConflictError) as conflict:
        drafts.write_file(
            session,
            draft,
            "leave.bpmn",
            FILES["leave.bpmn"],
            expected_sha256=seen,
            editor=anna,
            now=MONDAY,
        )

    assert conflict.value.sha256 == stored.sha256
    assert conflict.value.edit is not None
    assert conflict.value.edit.person is binh
    assert drafts.read_file(draft, "leave.bpmn").content == OTHER


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("leave.bpmn", b"<html/>", "not_a_diagram"),
        ("leave.bpmn", b"no xml", "xml_malformed"),
        ("leave.bpmn", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "xml_doctype"),
        ("note.form", b"[]", "not_a_form"),
        ("note.form", b"{", "not_json"),
        ("rate.dmn", b"<a/>", "not_a_table"),
        ("told.text", b"{", "text_not_json"),
        ("told.text", b"[]", "text_not_a_text"),
    ],
)
def test_what_no_editor_could_open_is_not_kept(  # noqa: PLR0913  # three of them are the example
    session: Session, draft: DefinitionDraft, anna: Person, *, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(UnreadableError) as refused:
        drafts.add_file(session, draft, name, content, editor=anna, now=MONDAY, replace=True)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert drafts.files_of(draft) == FILES


def test_a_draft_may_be_broken(session: Session, draft: DefinitionDraft, anna: Person) -> None:
    broken = diagram_file('<bpmn:process id="other" isExecutable="true"><bpmn:nonsense/></bpmn:process>')
    _write(session, draft, broken, editor=anna, now=MONDAY)

    codes = {found.code for found in drafts.problems_of(session, draft)}
    assert {"main_process_missing", "unknown_element"} <= codes
    with pytest.raises(NotPublishableError):
        drafts.submit(session, draft, comment="", editor=anna, now=MONDAY)


def test_files_are_added_and_taken_away(session: Session, draft: DefinitionDraft, anna: Person) -> None:
    drafts.add_blank(session, draft, "form", "more", name="Thêm", editor=anna, now=MONDAY)
    with pytest.raises(ConflictError):
        drafts.add_blank(session, draft, "form", "more", name="", editor=anna, now=MONDAY)
    drafts.remove_file(session, draft, "note.form", editor=anna, now=MONDAY)

    assert set(drafts.files_of(draft)) == {"leave.bpmn", "more.form"}
    assert {edit.file for edit in drafts.edits_of(session, draft)} == {"more.form", "note.form"}
    with pytest.raises(InvalidInputError):
        drafts.remove_file(session, draft, "leave.bpmn", editor=anna, now=MONDAY)
    with pytest.raises(NotFoundError):
        drafts.remove_file(session, draft, "note.form", editor=anna, now=MONDAY)


@pytest.mark.parametrize("name", ["../x.bpmn", "a/b.form", "x.py", ".form"])
def test_names_of_files_are_plain(session: Session, draft: DefinitionDraft, anna: Person, name: str) -> None:
    content = FORM if name.endswith(".form") else OTHER

    with pytest.raises(InvalidInputError):
        drafts.add_file(session, draft, name, content, editor=anna, now=MONDAY)


def test_a_submitted_draft_is_the_next_version(
    session: Session,
    draft: DefinitionDraft,
    anna: Person,
    binh: Person,
    chi: Person,
) -> None:
    _write(session, draft, OTHER, editor=binh, now=MONDAY)

    version = drafts.submit(session, draft, comment="Đổi tên bước", editor=anna, now=MONDAY)

    assert (version.number, version.state, version.created_by) == (2, VersionState.DRAFT, anna)
    assert definitions.files_of(version)["leave.bpmn"] == OTHER
    assert drafts.find_draft(session, "leave") is None
    for hand in (anna, binh):
        with pytest.raises(NotAllowedError):
            definitions.publish(session, version, publisher=hand, now=MONDAY)
    definitions.publish(session, version, publisher=chi, now=MONDAY)
    assert version.state is VersionState.PUBLISHED


def test_what_waits_is_passed_over_when_a_later_version_is_published(
    session: Session, draft: DefinitionDraft, anna: Person, binh: Person, chi: Person
) -> None:
    _write(session, draft, OTHER, editor=anna, now=MONDAY)
    waiting = drafts.submit(session, draft, comment="", editor=anna, now=MONDAY)
    later = definitions.create_draft(session, "leave", FILES, author=binh, now=MONDAY)

    definitions.publish(session, later, publisher=chi, now=MONDAY)

    assert (waiting.state, waiting.published_at) == (VersionState.RETIRED, None)


def test_what_is_as_it_was_is_not_submitted(session: Session, draft: DefinitionDraft, anna: Person) -> None:
    with pytest.raises(InvalidInputError):
        drafts.submit(session, draft, comment="", editor=anna, now=MONDAY)


def test_who_wrote_what_nobody_published_wrote_what_is_built_upon_it(
    session: Session,
    draft: DefinitionDraft,
    anna: Person,
    binh: Person,
    chi: Person,
) -> None:
    _write(session, draft, OTHER, editor=binh, now=MONDAY)
    waiting = drafts.submit(session, draft, comment="", editor=anna, now=MONDAY)

    upon = drafts.open_draft(session, "leave", editor=chi, now=MONDAY)
    drafts.add_blank(session, upon, "form", "more", name="", editor=chi, now=MONDAY)
    version = drafts.submit(session, upon, comment="", editor=chi, now=MONDAY)

    assert upon.base_version is waiting
    for hand in (anna, binh, chi):
        with pytest.raises(NotAllowedError):
            definitions.publish(session, version, publisher=hand, now=MONDAY)


def test_an_earlier_version_comes_back_as_a_draft(
    session: Session,
    draft: DefinitionDraft,
    anna: Person,
    binh: Person,
    chi: Person,
) -> None:
    published = draft.base_version
    assert published is not None
    _write(session, draft, OTHER, editor=anna, now=MONDAY)
    with pytest.raises(ConflictError):
        drafts.restore(session, published, editor=binh, now=MONDAY)
    second = drafts.submit(session, draft, comment="", editor=anna, now=MONDAY)
    definitions.publish(session, second, publisher=chi, now=MONDAY)

    restored = drafts.restore(session, published, editor=binh, now=MONDAY)

    assert drafts.files_of(restored) == FILES
    assert {edit.person_id for edit in drafts.edits_of(session, restored)} == {binh.id}


def test_a_discarded_draft_leaves_nothing_but_its_history(
    session: Session, draft: DefinitionDraft, anna: Person
) -> None:
    _write(session, draft, OTHER, editor=anna, now=MONDAY)
    drafts.visit(session, draft, "leave.bpmn", visitor=anna, now=MONDAY)

    drafts.discard(session, draft, editor=anna, now=MONDAY)

    for table in (DefinitionDraft, DraftEdit, DraftVisit):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    kinds = session.scalars(select(HistoryEvent.kind).order_by(HistoryEvent.number)).all()
    assert kinds[-2:] == ["draft_opened", "draft_discarded"]
    assert history.verify(session, None) == []


def test_a_new_process_has_a_start_and_an_end(session: Session, anna: Person) -> None:
    key = drafts.key_from("Xét tặng Kỷ niệm chương & “Huy hiệu”")
    draft = drafts.create_new(session, key, "Xét tặng <Kỷ niệm chương>", editor=anna, now=MONDAY)

    assert key == "xet_tang_ky_niem_chuong_huy_hieu"
    assert (draft.name, draft.base_version) == ("Xét tặng <Kỷ niệm chương>", None)
    assert [found.code for found in drafts.problems_of(session, draft)] == []
    with pytest.raises(ConflictError):
        drafts.create_new(session, key, "Lần nữa", editor=anna, now=MONDAY)


@pytest.mark.parametrize(("key", "name"), [("9", "Số"), ("a b", "Hai chữ"), ("x", " "), ("y", "n" * 201)])
def test_a_new_process_needs_a_name_and_a_key(session: Session, anna: Person, key: str, name: str) -> None:
    with pytest.raises(InvalidInputError):
        drafts.create_new(session, key, name, editor=anna, now=MONDAY)


@pytest.mark.parametrize("kind", blank.KINDS)
def test_new_files_lack_nothing_but_words(kind: str) -> None:
    suffix, make = blank.KINDS[kind]
    found = check_files({f"new{suffix}": make("new", 'Tên "mới" & <lạ>')}, Surroundings(), isolated=False)

    errors = [one for problems in found.values() for one in problems if one.severity is Severity.ERROR]
    assert {error.code for error in errors} <= {"text_empty"}


def test_a_file_from_outside_opens_as_it_is(session: Session, anna: Person) -> None:
    foreign = diagram_file(
        '<bpmn:process id="Process_0x1y" isExecutable="false"><bpmn:task id="Activity_1"/>'
        "<camunda:properties xmlns:camunda='http://camunda.org/schema/1.0/bpmn'/></bpmn:process>"
    )

    draft = drafts.import_files(session, {"Bản vẽ.bpmn": foreign}, editor=anna, now=MONDAY)

    assert draft.key == "Process_0x1y"
    assert drafts.files_of(draft) == {"Bản vẽ.bpmn": foreign}
    assert any(found.severity is Severity.ERROR for found in drafts.problems_of(session, draft))


@pytest.mark.parametrize(
    "files",
    [{"a.bpmn": b"PK\x03\x04"}, {"leave.bpmn": OTHER, "note.form": b"{"}, {"note.form": FORM}],
)
def test_of_an_import_with_a_file_nobody_can_open_nothing_is_kept(
    session: Session, anna: Person, files: Mapping[str, bytes]
) -> None:
    with pytest.raises(InvalidInputError):
        drafts.import_files(session, files, editor=anna, now=MONDAY)

    assert drafts.find_drafts(session) == []


def test_an_import_of_a_known_process_changes_its_main_diagram(
    session: Session, published: DefinitionVersion, binh: Person
) -> None:
    draft = drafts.import_files(session, {"tải về (1).bpmn": OTHER}, editor=binh, now=MONDAY)

    assert drafts.files_of(draft) == {**FILES, "leave.bpmn": OTHER}
    assert draft.base_version is published
    assert {edit.file for edit in drafts.edits_of(session, draft)} == {"leave.bpmn"}
    with pytest.raises(ConflictError):
        drafts.import_files(session, {"leave.bpmn": OTHER}, editor=binh, now=MONDAY)


def test_a_visit_is_over_after_a_minute(
    session: Session, draft: DefinitionDraft, anna: Person, binh: Person
) -> None:
    drafts.visit(session, draft, "leave.bpmn", visitor=anna, now=MONDAY)
    drafts.visit(session, draft, "leave.bpmn", visitor=binh, now=MONDAY)
    drafts.visit(session, draft, "note.form", visitor=binh, now=MONDAY + timedelta(seconds=30))

    soon, later = MONDAY + timedelta(seconds=59), MONDAY + timedelta(seconds=70)
    seen = [(one.person, one.file) for one in drafts.find_visits(session, draft, now=soon, but=anna)]
    assert seen == [(binh, "note.form")]
    assert [one.person for one in drafts.find_visits(session, draft, now=later)] == [binh]


def test_two_who_open_at_once_open_one_draft(
    session: Session,
    session_factory: sessionmaker[Session],
    published: DefinitionVersion,
    anna: Person,
    binh: Person,
) -> None:
    session.commit()

    def open_it(person_id: int) -> int:
        with database.transaction(session_factory) as own:
            editor = own.get_one(Person, person_id)
            return drafts.open_draft(own, published.key, editor=editor, now=MONDAY).id

    with ThreadPoolExecutor() as pool:
        assert len(set(pool.map(open_it, [anna.id, binh.id] * 4))) == 1


def test_two_who_save_different_files_at_once_lose_nothing(
    session: Session,
    session_factory: sessionmaker[Session],
    draft: DefinitionDraft,
    anna: Person,
) -> None:
    for number in range(6):
        drafts.add_blank(session, draft, "form", f"form_{number}", name="", editor=anna, now=MONDAY)
    session.commit()

    def save(name: str) -> None:
        with database.transaction(session_factory) as own:
            mine, editor = drafts.get_draft(own, draft.id), own.get_one(Person, anna.id)
            seen = drafts.read_file(mine, name)
            changed = seen.content + b" "
            drafts.write_file(
                own, mine, name, changed, expected_sha256=seen.sha256, editor=editor, now=MONDAY
            )

    names = [f"form_{number}.form" for number in range(6)]
    with ThreadPoolExecutor() as pool:
        list(pool.map(save, names))

    session.expire_all()
    files = drafts.files_of(draft)
    assert [name for name in names if not files[name].endswith(b" ")] == []


def test_a_task_that_reaches_nobody_keeps_a_draft_from_being_sent(
    session: Session, draft: DefinitionDraft, anna: Person
) -> None:
    _write(session, draft, OTHER, editor=anna, now=MONDAY)
    assert drafts.problems_of(session, draft, now=MONDAY) == []
    anna.is_active = False

    with pytest.raises(NotPublishableError) as refusal:
        drafts.submit(session, draft, comment="", editor=anna, now=MONDAY)

    assert [problem.code for problem in refusal.value.problems] == ["group_unstaffed"]


def test_a_draft_is_told_which_safeguards_it_gives_up(
    session: Session, published: DefinitionVersion, draft: DefinitionDraft, anna: Person, chi: Person
) -> None:
    mandatory = '<zeebe:properties><zeebe:property name="mandatory" value="yes"/></zeebe:properties>'
    guarded = {**FILES, "leave.bpmn": around(user_task("ask", more=mandatory), "ask")}
    version = definitions.create_draft(session, published.key, guarded, author=anna, now=MONDAY)
    assert drafts.problems_of(session, draft) == []

    definitions.publish(session, version, publisher=chi, now=MONDAY)

    assert [problem.code for problem in drafts.problems_of(session, draft)] == ["mandatory_unmarked"]
