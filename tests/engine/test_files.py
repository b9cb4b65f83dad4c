"""Tests of what people hand in: what is taken, what is refused, who may read it."""

import zipfile
import zlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from factories import bpmn, flow, person, publish, start_and_end, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import files, instances
from engine.errors import NotFoundError
from engine.files import FileRefusedError, clean_name
from engine.models import Task
from engine.setup import Role, Setup

PDF = b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\n" + b"0" * 500
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01rest\0\0\0\0IEND"
JPEG = b"\xff\xd8\xff\xe0rest\xff\xd9"


def packed_pdf(objects: bytes) -> bytes:
    """Return a PDF that keeps its objects in a compressed stream, as most programs write it."""
    stream = zlib.compress(objects)
    return (
        b"%PDF-1.7\n1 0 obj<</Type/ObjStm/Filter/FlateDecode>>stream\r\n" + stream + b"\nendstream\n%%EOF\n"
    )


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MACRO_TYPES = (
    b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'
)


def package(members: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


DOCX = package({"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>"})


@pytest.fixture
def setup(tmp_path: Path) -> Setup:
    roles = {"officer": Role("officer", "Cán bộ", "Officer")}
    return Setup(roles=roles, files=tmp_path / "files", upload_limit_bytes=2_000_000)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (PDF, "application/pdf"),
        (packed_pdf(b"1 0 <</Type /Page /Parent 2 0 R>>"), "application/pdf"),
        (b"%PDF-1.7 <</Encrypt 1 0 R/Type/ObjStm>>stream\ncannot be read", "application/pdf"),
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (DOCX, WORD),
        (
            package({"[Content_Types].xml": TYPES, "xl/workbook.xml": b"<x/>"}),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        (
            package({"mimetype": b"application/vnd.oasis.opendocument.text"}),
            "application/vnd.oasis.opendocument.text",
        ),
    ],
)
def test_documents_and_pictures_are_taken_by_content(content: bytes, media_type: str) -> None:
    assert files.check_content(content).media_type == media_type


def lying(content: bytes) -> bytes:
    """Make the directory of a package claim one byte less than there is."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        size = archive.infolist()[0].file_size
    return content.replace(size.to_bytes(4, "little"), (size - 1).to_bytes(4, "little"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\x00", "kind"),
        (b"<html><script>alert(1)</script></html>", "kind"),
        (b"#!/bin/sh\nrm -rf /\n", "kind"),
        (package({"secret.docx": b"x"}), "kind"),
        (b"%PDF-1.7\n1 0 obj<</Type/Pages/Count 0>>endobj\n%%EOF\n", "no_pages"),
        (packed_pdf(b"1 0 <</Type /Pages /Count 0>>"), "no_pages"),
        (PNG[:-4], "damaged"),
        (PNG.replace(b"\x01", b"\0"), "damaged"),
        (JPEG[:-2], "damaged"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 600, "old_office"),
        (package({"[Content_Types].xml": TYPES, "word/vbaProject.bin": b"x"}), "macros"),
        (package({"[Content_Types].xml": MACRO_TYPES, "word/document.xml": b"<w/>"}), "macros"),
        (package({"mimetype": b"application/vnd.oasis.opendocument.text", "Basic/x.xml": b"x"}), "macros"),
        (
            package({"[Content_Types].xml": TYPES, "word/o.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1x"}),
            "macros",
        ),
        (package({"[Content_Types].xml": TYPES, "word/document.xml": b"0" * 5_000_000}), "bomb"),
        (package({"../evil": b"x"}), "damaged"),
        (package({"a": b"x"}), "kind"),
        (DOCX[:-30], "damaged"),
        (DOCX[:40] + b"\0\0\0\0" + DOCX[44:], "damaged"),
        (lying(package({"a": b"x" * 70_000}, compression=zipfile.ZIP_STORED)), "damaged"),
    ],
)
def test_what_may_do_harm_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(FileRefusedError) as refused:
        files.check_content(content)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Báo cáo thành tích.pdf", "Báo cáo thành tích.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\mien\\tờ trình.PDF", "tờ trình.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe.pdf"),
        ("a\x00b\r\nc.pdf", "abc.pdf"),
        ("", "tep.pdf"),
        (".pdf", "tep.pdf"),
        ("con.pdf", "_con.pdf"),
        ("x" * 300 + ".pdf", "x" * 120 + ".pdf"),
        ('quote".pdf', "quote.pdf"),
    ],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name, ".pdf") == clean


def test_a_file_is_kept_once_under_its_digest(session: Session, setup: Setup, monday: datetime) -> None:
    mien = person(session, "mien")

    first = files.store_upload(session, PDF, "a.pdf", person=mien, now=monday)
    second = files.store_upload(session, BytesIO(PDF), "b.pdf", person=mien, now=monday)

    assert first.sha256 == second.sha256
    assert [path.read_bytes() for path in setup.files.glob("*/*")] == [PDF]
    assert (second.name, second.size_bytes) == ("b.pdf", len(PDF))


def test_a_file_too_big_is_refused(session: Session, monday: datetime) -> None:
    with pytest.raises(FileRefusedError) as refused:
        files.store_upload(session, BytesIO(PDF * 10_000), "a.pdf", person=person(session, "m"), now=monday)

    assert refused.value.code == "too_big"


def start_one(session: Session, monday: datetime) -> Task:
    publish(
        session,
        "leave",
        bpmn("leave", start_and_end(), user_task("write"), flow("start", "write", "end")),
    )
    starter = person(session, "starter")
    instance = instances.start(
        session, "leave", variables={}, business_key=None, title="Nghỉ phép", actor=starter, now=monday
    )
    return session.scalars(select(Task).where(Task.instance_id == instance.id)).one()


def test_only_those_who_see_the_instance_open_its_files(session: Session, monday: datetime) -> None:
    task = start_one(session, monday)
    officer = person(session, "officer", [("officer", "")])
    colleague, stranger = person(session, "colleague", [("officer", "")]), person(session, "stranger")
    upload = files.store_upload(session, PDF, "a.pdf", person=officer, now=monday, task=task)

    assert files.open_upload(session, upload.id, reader=colleague, now=monday)[1].read_bytes() == PDF
    with pytest.raises(NotFoundError):
        files.open_upload(session, upload.id, reader=stranger, now=monday)


def test_an_upload_without_an_instance_is_its_owners(session: Session, monday: datetime) -> None:
    mien, other = person(session, "mien"), person(session, "other")
    upload = files.store_upload(session, PDF, "a.pdf", person=mien, now=monday)

    assert files.open_upload(session, upload.id, reader=mien, now=monday)[0] is upload
    with pytest.raises(NotFoundError):
        files.open_upload(session, upload.id, reader=other, now=monday)


def test_answers_name_only_files_of_their_own_instance(session: Session, monday: datetime) -> None:
    task = start_one(session, monday)
    mien, other = person(session, "mien"), person(session, "other")
    own = files.store_upload(session, PDF, "a.pdf", person=mien, now=monday)
    of_instance = files.store_upload(session, PDF, "a.pdf", person=other, now=monday, task=task)
    foreign = files.store_upload(session, PDF, "a.pdf", person=other, now=monday)

    usable = [
        files.may_use_upload(session, upload.id, task=task, person=mien)
        for upload in (own, of_instance, foreign)
    ]

    assert usable == [True, True, False]
    assert not files.may_use_upload(session, 999, task=task, person=mien)


def test_a_rolled_back_upload_leaves_an_orphan_that_is_found(session: Session, monday: datetime) -> None:
    mien = person(session, "mien")
    session.commit()
    files.store_upload(session, PDF, "a.pdf", person=mien, now=monday)
    session.rollback()
    now = datetime.now(UTC)

    assert files.find_orphans(session, now=now) == []
    assert len(files.find_orphans(session, now=now + timedelta(days=2))) == 1


def test_bytes_that_are_gone_are_not_found(session: Session, setup: Setup, monday: datetime) -> None:
    mien = person(session, "mien")
    upload = files.store_upload(session, PDF, "a.pdf", person=mien, now=monday)
    next(setup.files.glob("*/*")).unlink()

    with pytest.raises(NotFoundError):
        files.open_upload(session, upload.id, reader=mien, now=monday)
