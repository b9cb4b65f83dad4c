"""Reads the XML of a decision model into the elements of its requirements graph."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from engine.dmn.problems import Problems
from engine.dmn.spots import WHOLE_FILE, Spot
from engine.ingest.xml import Node, XmlRefusedError, local_name, parse

NAMESPACES: Final = (
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
)
"""DMN 1.2, 1.3, 1.4 and 1.5."""
MOST_ELEMENTS: Final = 2_000
_ANY_DMN: Final = re.compile(r"\{https?://www\.omg\.org/spec/DMN/[^}]*\}definitions")
_FEEL: Final = re.compile(r"feel|https?://www\.omg\.org/spec/(DMN|FEEL)/[0-9]{8}/?(FEEL/?)?", re.IGNORECASE)
_GRAPH: Final = frozenset({"inputData", "decision", "businessKnowledgeModel", "decisionService"})
_DRAWN_ONLY: Final = frozenset(
    {
        *("description", "extensionElements", "import", "itemDefinition", "knowledgeSource", "group"),
        *("textAnnotation", "association", "elementCollection", "performanceIndicator", "organizationUnit"),
    }
)
Key = tuple[str, str]
"""The namespace of a model and the id of an element in it."""


@dataclass(frozen=True)
class Import:
    """Another model whose elements this one may use under ``name``."""

    namespace: str
    name: str
    location: str
    kind: str


@dataclass(frozen=True)
class Element:
    """A node of the requirements graph."""

    key: Key
    kind: str
    name: str
    type_ref: str
    node: Node = field(repr=False, compare=False)

    @property
    def spot(self) -> Spot:
        """The element as a place."""
        return Spot(self.key[1], self.name)


@dataclass
class Source:
    """One file: what it declares, and what is wrong with it."""

    file: str
    namespace: str
    name: str
    node: Node = field(repr=False)
    imports: list[Import] = field(default_factory=list[Import])
    elements: dict[str, Element] = field(default_factory=dict[str, Element])
    """By id, in the order of the file."""
    item_definitions: dict[str, Node] = field(default_factory=dict[str, Node])
    problems: Problems = field(default_factory=Problems)


def read(file: str, content: bytes) -> Source:
    """Return what a file declares.

    Raises:
        XmlRefusedError: it is no XML that we read, or no decision model.

    """
    root = parse(content)
    if not _ANY_DMN.fullmatch(str(root.tag)):
        raise XmlRefusedError("not_a_table")
    source = Source(file, root.get("namespace", ""), text_of(root.get("name")), root)
    version = str(root.tag)[1:].rpartition("}")[0]
    if version not in NAMESPACES:
        source.problems.add("version_unknown", WHOLE_FILE, value=version)
        return source
    check_language(root, WHOLE_FILE, source.problems)
    for node in dmn_children(root):
        _read_declaration(node, source)
    if len(source.elements) > MOST_ELEMENTS:
        source.problems.add("too_many_elements", WHOLE_FILE, limit=MOST_ELEMENTS)
        source.elements.clear()
    return source


def text_of(value: str | None) -> str:
    """Return a name in the form in which all names are kept: composed, with single spaces."""
    return " ".join(unicodedata.normalize("NFC", value or "").split())


def dmn_children(node: Node, *names: str) -> Iterator[Node]:
    """Return the children of ``node`` that belong to DMN itself, perhaps only those of some names."""
    namespace = str(node.tag).rpartition("}")[0]
    return node.iterchildren(*(f"{namespace}}}{name}" for name in names or ("*",)))


def dmn_child(node: Node, name: str) -> Node | None:
    """Return the first child of this name."""
    return next(dmn_children(node, name), None)


def child_text(node: Node, name: str) -> str:
    """Return the text of the first child of this name, or nothing."""
    child = dmn_child(node, name)
    return "" if child is None else (child.text or "")


def type_ref_of(node: Node | None) -> str:
    """Return the type that a variable, component or column declares, or nothing."""
    if node is None:
        return ""
    return text_of(node.get("typeRef") or child_text(node, "typeRef"))


def hrefs(node: Node, *path: str) -> Iterator[str]:
    """Return the references at the end of a path of names."""
    if not path:
        yield node.get("href", "")
        return
    for child in dmn_children(node, path[0]):
        yield from hrefs(child, *path[1:])


def check_language(node: Node, spot: Spot, problems: Problems) -> None:
    """Report an expression or type language that is not FEEL."""
    for attribute in ("expressionLanguage", "typeLanguage"):
        language = node.get(attribute)
        if language and not _FEEL.fullmatch(language.strip()):
            problems.add("language_unknown", spot, value=language)


def _read_declaration(node: Node, source: Source) -> None:
    kind = local_name(node)
    if kind in _GRAPH:
        _read_element(node, kind, source)
    elif kind == "import":
        attributes = (node.get(name, "") for name in ("namespace", "name", "locationURI", "importType"))
        namespace, name, location, import_type = attributes
        source.imports.append(Import(namespace, text_of(name), location.strip(), import_type))
    elif kind == "itemDefinition":
        _read_item_definition(node, source)
    elif kind not in _DRAWN_ONLY:
        source.problems.add("element_unknown", WHOLE_FILE, value=kind)


def _read_element(node: Node, kind: str, source: Source) -> None:
    name = text_of(node.get("name"))
    element_id = node.get("id", "") or f"name: {name}"
    variable = dmn_child(node, "variable")
    element = Element((source.namespace, element_id), kind, name, type_ref_of(variable), node)
    if kind == "decision" and not node.get("id"):
        source.problems.add("id_missing", element.spot)
    if not name:
        source.problems.add("name_missing", element.spot)
    if name.startswith("__"):
        source.problems.add("name_reserved", element.spot, value=name)
    if element_id in source.elements:
        source.problems.add("id_twice", element.spot, value=element_id)
    source.elements[element_id] = element


def _read_item_definition(node: Node, source: Source) -> None:
    name = text_of(node.get("name"))
    if name in source.item_definitions:
        source.problems.add("name_twice", Spot(node.get("id") or name, name), value=name)
    source.item_definitions[name] = node
