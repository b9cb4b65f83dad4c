"""Renders forms of user tasks as HTML that works without scripts, and answers to be read."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flask import url_for
from jinja2 import Environment as Templates
from jinja2 import PackageLoader, StrictUndefined
from markupsafe import Markup

from engine.forms import Answers, Component, Form
from web.form_building import Builder
from web.form_nodes import FileLink, Node
from web.form_words import sentence
from web.i18n import gettext, ngettext

NameFile = Callable[[int], str]
"""Gives the name under which a file was handed in."""
FileAddress = Callable[[int], str]
"""Gives the address at which a file is handed out."""

_SECTION_KINDS = frozenset({"group", "dynamiclist", "table"})
_WITHOUT_ANSWER = frozenset({"text", "separator", "spacer", "table", "dynamiclist"})


@dataclass(frozen=True)
class Section:
    """One panel of a form: a group, list or table of its own, or the fields between two of these."""

    grid: tuple[tuple[Node, ...], ...] = ()
    node: Node | None = None
    heading: str = ""
    hint: str = ""
    number: int = 0


@dataclass(frozen=True)
class ErrorLine:
    """One line of the list of errors above a form."""

    anchor: str
    label: str
    text: str


def render_form(  # noqa: PLR0913  # a form, and which of its parts and files are shown how
    form: Form,
    answers: Answers,
    language: str,
    *,
    name_file: NameFile | None = None,
    file_address: FileAddress | None = None,
    only: Sequence[Component] | None = None,
) -> Markup:
    """Return the fields of a form; the page puts ``form`` element, token and button round them.

    ``only`` are the components a page shows that asks for a form in parts; without it, all.
    """
    builder = Builder(form, answers, language, _linker(name_file, file_address))
    shown = form.components if only is None else only
    sections = _sections(builder, shown)
    has_buttons = any(found.rows and found.rows.may_change for one in shown for found in one.walk())
    return _macro("form/page.html", "form")(sections, builder.carried, has_buttons, form.has_conditions)


def render_answers(
    form: Form, answers: Answers, language: str, *, name_file: NameFile | None = None
) -> Markup:
    """Return what was handed in, to be read only."""
    builder = Builder(form, answers, language, _linker(name_file))
    return _macro("form/answers.html", "answers")(_sections(builder, form.components))


def leaves(grid: Sequence[Sequence[Node]]) -> list[Node]:
    """Return what has an answer in a grid, groups opened."""
    found: list[Node] = []
    for node in (node for row in grid for node in row):
        if node.kind == "group":
            found.extend(leaves(node.grid))
        elif node.label and node.kind not in _WITHOUT_ANSWER:
            found.append(node)
    return found


def error_list(form: Form, answers: Answers, language: str) -> list[ErrorLine]:
    """Return what is wrong, in the order of the page, each with a link to its field."""
    places = {entry.name: place for place, entry in answers.entries.items() if entry.name}
    lines: list[ErrorLine] = []
    for name, error in answers.errors.items():
        number, row = places.get(name, (None, None))
        label = name if number is None else _label(form, answers, form.all_components[number], row, language)
        lines.append(ErrorLine("f-" + name.replace(".", "-"), label, sentence(error, language)))
    return lines


def _label(form: Form, answers: Answers, component: Component, row: int | None, language: str) -> str:
    """A field's own words, in a list with the row's in front: "Người thứ 2, Lý do"."""
    own = component.label.read(language) or component.key
    if row is None or component.list_number is None:
        return own
    parent = form.all_components[component.list_number]
    words = parent.properties.get("row_label_en" if language == "en" else "row_label") or parent.label.read(
        language
    )
    position = answers.lists[parent.number].numbers.index(row) + 1
    return f"{words} {position}, {own}" if words else f"{position}, {own}"


def _sections(builder: Builder, components: Sequence[Component]) -> list[Section]:
    sections: list[Section] = []
    loose: list[tuple[Node, ...]] = []
    for row in builder.grid(components):
        if len(row) == 1 and row[0].kind in _SECTION_KINDS:
            sections.extend(_plain(loose))
            loose = []
            sections.append(_own(row[0]))
        else:
            loose.append(row)
    sections.extend(_plain(loose))
    return list(_numbered(sections))


def _plain(rows: Sequence[tuple[Node, ...]]) -> Iterator[Section]:
    if rows:
        yield Section(grid=tuple(rows))


def _own(node: Node) -> Section:
    hint = node.hint if node.kind == "group" else ""
    return Section(grid=node.grid, node=node, heading=node.label, hint=hint)


def _numbered(sections: Sequence[Section]) -> Iterator[Section]:
    """Sections with a heading are numbered where there are several."""
    several = sum(bool(section.heading) for section in sections) > 1
    number = 0
    for section in sections:
        number += bool(section.heading)
        yield replace(section, number=number if several and section.heading else 0)


def _linker(name_file: NameFile | None, file_address: FileAddress | None = None) -> Callable[[int], FileLink]:
    def link(number: int) -> FileLink:
        name = name_file(number) if name_file else gettext("Tệp số %(number)s", number=number)
        address = file_address(number) if file_address else url_for("uploads.download", upload_id=number)
        return FileLink(number, name, address)

    return link


@lru_cache(maxsize=1)
def _templates() -> Templates:
    templates = Templates(
        loader=PackageLoader("web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    offered: dict[str, Any] = {"_": gettext, "ngettext": ngettext, "leaves": leaves}
    templates.globals.update(offered)
    return templates


@lru_cache(maxsize=4)
def _module(template: str) -> Any:  # noqa: ANN401 -- a template's macros have no types
    return _templates().get_template(template).module


def _macro(template: str, name: str) -> Callable[..., Markup]:
    macro: Callable[..., Markup] = getattr(_module(template), name)
    return macro
