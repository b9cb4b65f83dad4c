"""Every sentence of a page has its English, with the same values in it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

WEB = Path(__file__).parents[2] / "web"
VALUES = re.compile(r"%\((\w+)\)s|\{(\w+)\}")


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    target = tmp_path_factory.mktemp("words") / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg"]
    keywords = ["-k", "ngettext:1,2", "-k", "pgettext:1c,2"]
    subprocess.run(  # noqa: S603  # our own command
        [*command, *keywords, "-o", str(target), "."], cwd=WEB, check=True, timeout=120
    )
    with target.open("rb") as file:
        return {message.id if isinstance(message.id, str) else message.id[0] for message in read_po(file)} - {
            ""
        }


@pytest.fixture(scope="module")
def english() -> dict[str, tuple[str, ...]]:
    with (WEB / "translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        catalog = read_po(file)
    words: dict[str, tuple[str, ...]] = {}
    for message in catalog:
        key = message.id if isinstance(message.id, str) else message.id[0]
        words[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return words


def test_every_sentence_has_its_english(spoken: set[str], english: dict[str, tuple[str, ...]]) -> None:
    assert sorted(one for one in spoken if not all(english.get(one, ("",)))) == []


def test_english_names_no_value_the_vietnamese_has_not(english: dict[str, tuple[str, ...]]) -> None:
    odd = [
        key
        for key, words in english.items()
        for text in words
        if key and not set(VALUES.findall(text)) <= set(VALUES.findall(key))
    ]

    assert odd == []


def test_the_vietnamese_is_written_as_an_official_writes_it(spoken: set[str]) -> None:
    wrong = re.compile(r"\b(hoá|uỷ|huỷ|thuỷ|lí do|kỉ luật|bạn|quý khách|Rất tiếc|OK)\b", re.IGNORECASE)

    assert [one for one in spoken if wrong.search(one)] == []
