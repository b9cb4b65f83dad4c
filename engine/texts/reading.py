"""Reads the text of a mail or document: every problem at once, or words that can be filled."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast

from engine.forms.json_text import read_json
from engine.forms.model import Words
from engine.forms.names import has_block, is_id, split_text
from engine.forms.problems import Findings
from engine.texts.problems import TextProblem, TextRefusedError, problem

Kind = Literal["mail", "document"]
LIMITS: Final[Mapping[str, int]] = {"name": 200, "subject": 200, "body": 20_000}
"""How many characters a member holds at most, in each language."""
_KINDS: Final = ("mail", "document")
_MEMBERS: Final = frozenset({"id", "type", *LIMITS, *(f"{member}_en" for member in LIMITS)})
_PLACE: Final = re.compile(r"\{\{([^{}]*)\}\}|\{\{|\}\}")


@dataclass(frozen=True)
class Text:
    """A text that passed the checks."""

    id: str
    kind: Kind
    name: Words
    subject: Words
    """Of a mail: one line with places for values."""
    body: Words
    """Paragraphs, with an empty line between them, and places for values."""

    @property
    def names(self) -> frozenset[str]:
        """The variables that its places read."""
        parts = (self.subject.vi, self.subject.en, self.body.vi, self.body.en)
        return frozenset(path.split(".")[0] for part in parts for path in split_text(part)[1::2])


def parse_text(content: bytes) -> Text:
    """Return the text in ``content``.

    Raises:
        TextRefusedError: it cannot be used.

    """
    problems = check_text(content)
    if problems:
        raise TextRefusedError(problems)
    members = cast("Mapping[str, str]", read_json(content, Findings()))
    words = {name: Words(members.get(name, ""), members.get(f"{name}_en", "")) for name in LIMITS}
    return Text(members["id"], cast("Kind", members["type"]), **words)


def check_text(content: bytes) -> list[TextProblem]:
    """Return every problem of the text in ``content``."""
    read = read_json(content, Findings())
    if read is None:
        return [problem("text_not_json")]
    if not isinstance(read, dict):
        return [problem("text_not_a_text")]
    return list(_problems(read))


def _problems(members: Mapping[str, object]) -> Iterator[TextProblem]:
    for member, value in members.items():
        if member not in _MEMBERS:
            yield problem("text_member_unknown", member)
        elif not isinstance(value, str):
            yield problem("text_member_type", member)
    written = {member: value for member, value in members.items() if isinstance(value, str)}
    if not is_id(written.get("id", "")):
        yield problem("text_id_bad", "id", value=written.get("id", ""))
    kind = written.get("type", "")
    if kind not in _KINDS:
        yield problem("text_type_bad", "type", value=kind)
    for member in ("name", "body", *(("subject",) if kind == "mail" else ())):
        if not written.get(member, "").strip():
            yield problem("text_empty", member)
    for member, value in written.items():
        limit = LIMITS.get(member.removesuffix("_en"))
        if limit is not None:
            yield from _words(member, value, limit)


def _words(member: str, value: str, limit: int) -> Iterator[TextProblem]:
    if len(value) > limit:
        yield problem("text_too_long", member, limit=limit)
    if not member.startswith("body") and len(value.splitlines()) > 1:
        yield problem("text_subject_lines", member)
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\r\t" for letter in value):
        yield problem("text_control", member)
    if has_block(value):
        yield problem("text_block", member)
        return
    for place in _PLACE.finditer(value):
        if len(split_text(place.group())) == 1:
            yield problem("text_place_bad", member, value=place.group())
