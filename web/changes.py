"""What a draft or version changes, told in short where somebody submits or publishes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from sqlalchemy.orm import Session

from engine import definitions, setup
from engine.comparison import Comparison, compare
from engine.digest_cache import DigestCache
from engine.models import DefinitionVersion
from web.comparison_words import summary

MOST_SENTENCES: Final = 8
CACHED_COMPARISONS: Final = 64
_comparisons: DigestCache[Comparison] = DigestCache(CACHED_COMPARISONS)


@dataclass(frozen=True)
class Changes:
    """What is otherwise than in ``base``: how much, and the weightiest of it in sentences."""

    base: DefinitionVersion
    count: int
    sentences: list[str]


def since(
    session: Session, base: DefinitionVersion | None, files: Mapping[str, bytes], sha256: str
) -> Changes | None:
    """Return what ``files``, whose digest is ``sha256``, change of ``base``; None where there is none."""
    if base is None:
        return None
    make = partial(compare, definitions.files_of(base), files)
    comparison = _comparisons.get(f"{base.sha256} {sha256}", make)
    sentences = summary(comparison, setup.of(session).roles, most=MOST_SENTENCES)
    return Changes(base, len(comparison.changes), sentences)
