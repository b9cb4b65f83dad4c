"""What differs between two forms: fields, what they ask, and what they demand."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, cast

from engine.comparison.facts import Change, Side, Subject, What
from engine.comparison.parts import compare_parts, read_object

_NOT_OF_THE_FIELD: Final = frozenset({"components", "id", "key", "path", "layout", "type"})
_WORDS: Final[Mapping[str, What]] = {
    "label": What.NAME,
    "label_en": What.NAME_EN,
    "text": What.CONTENT,
    "text_en": What.CONTENT,
    "description": What.DESCRIPTION,
    "description_en": What.DESCRIPTION,
}
_OPTIONS: Final = frozenset({"values", "valuesKey", "valuesExpression"})


@dataclass(frozen=True)
class _Field:
    key: str
    content: Mapping[str, Any]

    @property
    def subject(self) -> Subject:
        name = str(self.content.get("label") or self.content.get("text") or "")
        english = str(self.content.get("label_en") or self.content.get("text_en") or "")
        return Subject(
            "field", self.key, _first_line(name), _first_line(english), str(self.content.get("type", ""))
        )


def compare(file: str, old: bytes, new: bytes) -> Iterator[Change]:
    """Yield the differences of two forms.

    Raises:
        ValueError: one of them is no form that can be read.

    """
    old_form, new_form = read_object(old), read_object(new)
    old_fields, new_fields = _fields(old_form), _fields(new_form)
    yield from compare_parts(file, old_fields, new_fields, _changes)
    for key in _moved(list(old_fields), list(new_fields)):
        yield Change(file, new_fields[key].subject, What.ORDER)
    yield from _of_the_form(file, old_form, new_form)


def _of_the_form(file: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    known = {
        "components",
        "exporter",
        "executionPlatform",
        "executionPlatformVersion",
        "schemaVersion",
        "type",
    }
    for name in sorted((old.keys() | new.keys()) - known):
        if old.get(name) != new.get(name):
            subject = Subject("file", file, detail=name)
            yield Change(file, subject, What.OTHER, Side(_plain(old.get(name))), Side(_plain(new.get(name))))


def _changes(file: str, old: _Field, new: _Field) -> Iterator[Change]:
    before, after = _aspects(old.content), _aspects(new.content)
    for aspect in dict.fromkeys([*before, *after]):
        was, now = before.get(aspect, ""), after.get(aspect, "")
        if was == now:
            continue
        what, detail = aspect
        subject = new.subject
        named = Subject(subject.kind, subject.id, subject.name, subject.name_en, detail or subject.detail)
        yield Change(file, named, what, Side(was), Side(now))


def _aspects(content: Mapping[str, Any]) -> dict[tuple[What, str], str]:
    """Return what can be said of a field: (what, detail) -> the value as text."""
    found: dict[tuple[What, str], str] = {(What.KIND, ""): str(content.get("type", ""))}
    for name, value in content.items():
        if name in _WORDS:
            found[_WORDS[name], "" if _WORDS[name] in {What.NAME, What.NAME_EN} else name] = _plain(value)
        elif name in _OPTIONS:
            found[What.OPTIONS, ""] = _options(value)
        elif name == "validate" and isinstance(value, dict):
            for rule, limit in cast("dict[str, Any]", value).items():
                key = (What.REQUIRED, "") if rule == "required" else (What.LIMITS, rule)
                if limit not in (False, None, ""):
                    found[key] = _plain(limit)
        elif name == "conditional" and isinstance(value, dict):
            found[What.HIDDEN, ""] = _plain(cast("dict[str, Any]", value).get("hide"))
        elif name not in _NOT_OF_THE_FIELD:
            found[What.OTHER, name] = _plain(value)
    return found


def _options(value: object) -> str:
    if not isinstance(value, list):
        return _plain(value)
    lines: list[str] = []
    for option in cast("Sequence[Any]", value):
        if isinstance(option, dict):
            one = cast("dict[str, Any]", option)
            lines.append(f"{_plain(one.get('label'))} ({_plain(one.get('value'))})")
        else:
            lines.append(_plain(option))
    return "\n".join(lines)


def _fields(form: Mapping[str, Any]) -> dict[str, _Field]:
    """Return all components in the order of the page, by their key, or by their id where they have none."""
    found: dict[str, _Field] = {}
    waiting = [("", component) for component in reversed(_components(form))]
    while waiting:
        above, component = waiting.pop()
        own = str(
            component.get("key") or component.get("path") or component.get("id") or component.get("type")
        )
        key = f"{above}{own}"
        while key in found:
            key += "'"
        found[key] = _Field(key, component)
        within = above if component.get("type") == "group" and not component.get("path") else f"{key}."
        waiting += [(within, inner) for inner in reversed(_components(component))]
    return found


def _components(holder: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = holder.get("components")
    if not isinstance(listed, list):
        return []
    return [cast("Mapping[str, Any]", one) for one in cast("Sequence[Any]", listed) if isinstance(one, dict)]


def _moved(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Return the keys of both that stand in another order: as few as explain it."""
    was = [key for key in old if key in set(new)]
    now = [key for key in new if key in set(old)]
    if was == now:
        return []
    kept: set[str] = set()
    for block in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks():
        kept.update(was[block.a : block.a + block.size])
    return [key for key in now if key not in kept]


def _plain(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].lstrip("# ")[:80]
