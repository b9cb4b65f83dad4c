"""Definitions outside: written to folders and zip files, and read back as they were."""

import io
import zipfile
from pathlib import Path

import pytest
from ingest_diagrams import FORM, around, user_task

from engine import bundles, exchange
from engine.errors import InvalidInputError

FILES = {"leave.bpmn": around(user_task("ask"), "ask"), "rate.dmn": b"<definitions/>", "note.form": FORM}


def _zip(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_a_folder_is_published_as_it_was_written(tmp_path: Path) -> None:
    exchange.write_folder(tmp_path, "leave", FILES)

    assert bundles.folder_files(tmp_path / "processes" / "leave") == FILES
    assert (tmp_path / "forms" / "leave" / "note.form").read_bytes() == FORM


def test_what_a_definition_has_no_more_leaves_the_folder(tmp_path: Path) -> None:
    exchange.write_folder(tmp_path, "leave", FILES)
    kept = tmp_path / "processes" / "leave" / "README.md"
    kept.write_text("About leave")

    changed = exchange.write_folder(tmp_path, "leave", {"leave.bpmn": FILES["leave.bpmn"]})

    assert [path.name for path in changed] == ["note.form", "rate.dmn"]
    assert bundles.folder_files(tmp_path / "processes" / "leave") == {"leave.bpmn": FILES["leave.bpmn"]}
    assert kept.exists()


def test_who_writes_the_same_again_changes_nothing(tmp_path: Path) -> None:
    exchange.write_folder(tmp_path, "leave", FILES)

    assert exchange.write_folder(tmp_path, "leave", FILES) == []


def test_a_zip_file_comes_back_as_it_was() -> None:
    packed = exchange.to_zip("leave", FILES)

    assert exchange.from_zip(packed) == FILES
    assert exchange.to_zip("leave", dict(reversed(FILES.items()))) == packed


def test_of_a_zip_file_only_files_of_a_definition_are_read() -> None:
    packed = _zip(
        **{"a/leave.bpmn": b"1", "../../note.form": b"2", "README.md": b"3", "__MACOSX/._leave.bpmn": b"4"}
    )

    assert exchange.from_zip(packed) == {"leave.bpmn": b"1", "note.form": b"2"}


@pytest.mark.parametrize(
    "packed",
    [
        b"PK\x03\x04 no more",
        b"",
        _zip(**{"note.form": FORM}),
        _zip(**{"a/leave.bpmn": b"1", "b/leave.bpmn": b"2"}),
        _zip(**{f"{number}.bpmn": b"" for number in range(bundles.MAX_FILES + 1)}),
        _zip(**{"leave.bpmn": b"\0" * (bundles.MAX_BUNDLE_BYTES + 1)}),
    ],
    ids=["no zip", "empty", "no diagram", "a name twice", "too many", "too big unpacked"],
)
def test_a_zip_file_that_cannot_be_used_is_refused(packed: bytes) -> None:
    with pytest.raises(InvalidInputError):
        exchange.from_zip(packed)
