"""What differs between two texts of mails or documents."""

from collections.abc import Iterator, Mapping
from typing import Final

from engine.comparison.facts import Change, Side, Subject, What
from engine.comparison.parts import read_object

_NAMES: Final[Mapping[str, What]] = {
    "id": What.ID,
    "type": What.KIND,
    "name": What.NAME,
    "name_en": What.NAME_EN,
}


def compare(file: str, old: bytes, new: bytes) -> Iterator[Change]:
    """Yield the differences of two texts, member by member.

    Raises:
        ValueError: one of them is no text that can be read.

    """
    before, after = read_object(old), read_object(new)
    for member in dict.fromkeys([*before, *after]):
        was, now = str(before.get(member, "")), str(after.get(member, ""))
        if was != now:
            name, english = str(after.get("name", "")), str(after.get("name_en", ""))
            subject = Subject("text", str(after.get("id", file)), name, english, member)
            yield Change(file, subject, _NAMES.get(member, What.CONTENT), Side(was), Side(now))
