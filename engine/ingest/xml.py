"""Parses XML that strangers wrote: UTF-8, bounded, without DOCTYPE, entities, XInclude or network."""

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from lxml import etree

from engine.errors import InvalidInputError

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE: Final = "http://camunda.org/schema/zeebe/1.0"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
XINCLUDE: Final = "http://www.w3.org/2001/XInclude"
MAX_BYTES: Final = 2 * 1024 * 1024

_DECLARED_ENCODING: Final = re.compile(r"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"'>]{0,60})")
_READABLE_ENCODINGS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})

Node: TypeAlias = etree._Element  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]  # lxml gives it no other name


class XmlRefusedError(InvalidInputError):
    """The bytes are no XML that we read; ``code`` and ``parameters`` lead to a sentence for people."""

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(f"{code} {parameters}" if parameters else code)
        self.code = code
        self.parameters = parameters


def bpmn(name: str) -> str:
    """Return the full tag of a BPMN element."""
    return f"{{{BPMN}}}{name}"


def zeebe(name: str) -> str:
    """Return the full tag of an extension element of the dialect."""
    return f"{{{ZEEBE}}}{name}"


def local_name(node: Node) -> str:
    """Return the tag of ``node`` without its namespace."""
    return str(node.tag).rpartition("}")[2]


def is_bpmn(node: Node) -> bool:
    """Whether ``node`` is of BPMN itself, not of an extension."""
    return str(node.tag).startswith(f"{{{BPMN}}}")


def children(node: Node, tag: str) -> Iterator[Node]:
    """Return the children of ``node`` with the full ``tag``."""
    return node.iterchildren(tag)


def parse(content: bytes) -> Node:
    """Return the root of the tree in ``content``; comments and processing instructions are dropped.

    Raises:
        XmlRefusedError: too big, not UTF-8, not well-formed, or with a DOCTYPE, an entity or an XInclude.

    """
    text = _decode(content)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise _refusal(error, text) from error
    _refuse_active_parts(root)
    return root


def _decode(content: bytes) -> str:
    if len(content) > MAX_BYTES:
        raise XmlRefusedError("xml_too_big", limit=str(MAX_BYTES // 1024))
    if not content.strip():
        raise XmlRefusedError("xml_empty")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise XmlRefusedError("xml_not_utf8") from error
    declared = _DECLARED_ENCODING.search(text[:400])
    if declared and declared.group(1).lower() not in _READABLE_ENCODINGS:
        raise XmlRefusedError("xml_encoding", encoding=declared.group(1))
    return text


def _refusal(error: etree.XMLSyntaxError, text: str) -> XmlRefusedError:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return XmlRefusedError("xml_doctype")
    if "depth" in str(error):
        return XmlRefusedError("xml_too_deep")
    return XmlRefusedError("xml_malformed", line=str(error.lineno or 1))


def _refuse_active_parts(root: Node) -> None:
    document = root.getroottree().docinfo
    if document.doctype or document.internalDTD is not None:
        raise XmlRefusedError("xml_doctype")
    if next(root.iter(etree.Entity), None) is not None:
        raise XmlRefusedError("xml_doctype")
    if next(root.iter(f"{{{XINCLUDE}}}*"), None) is not None:
        raise XmlRefusedError("xml_xinclude")
