"""Markdown of form texts as clean HTML: no images, no scripts, links to web and mail only."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from engine.forms.names import split_text

_READER: Final = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table").disable("image")
_TAGS: Final = frozenset(
    {"p", "br", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr", "h2", "h3", "h4"}
    | {"table", "thead", "tbody", "tr", "th", "td"}
)
_PRIVATE: Final = re.compile("[\ue000-\uf8ff]")
_MARK: Final = re.compile("\ue000(\\d+)\ue001")


def render_text(text: str, fill: Callable[[str], str]) -> Markup:
    """Return the text as HTML; ``fill`` gives what stands for a ``{{path}}``, which is shown as plain text.

    In addresses of links a path is not filled, so that no value becomes an address.
    """
    parts = split_text(_PRIVATE.sub("", text))
    paths = parts[1::2]
    marked = "".join(
        part if place % 2 == 0 else f"\ue000{place // 2}\ue001" for place, part in enumerate(parts)
    )
    html = _MARK.sub(lambda mark: str(escape(fill(paths[int(mark[1])]))), _to_html(marked))
    return Markup(html)  # noqa: S704 -- cleaned by nh3, and what was filled in is escaped


@lru_cache(maxsize=512)
def _to_html(text: str) -> str:
    return nh3.clean(
        _READER.render(text),
        tags=set(_TAGS),
        attributes={"a": {"href"}},
        attribute_filter=_absolute_only,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _absolute_only(_tag: str, _attribute: str, value: str) -> str | None:
    """A form's text leads to other sites and to mail; an address without a scheme leads nowhere."""
    return value if value.lower().startswith(("http://", "https://", "mailto:")) else None
