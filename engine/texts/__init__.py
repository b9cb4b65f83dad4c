"""Texts of mails and documents that a definition keeps: words with places for values, never a program.

A ``.text`` file is JSON: ``id``, ``type`` (``mail`` or ``document``), ``name``, ``subject`` (of mails) and
``body``, each but the first two with an English twin (``body_en``). A place is ``{{ path }}``, as in forms.
"""

from engine.texts.headers import ACTION, STARTER, TEXT_HEADER, TO_HEADER
from engine.texts.problems import TextProblem, TextRefusedError
from engine.texts.reading import Text, check_text, parse_text
from engine.texts.rendering import paragraphs, render

__all__ = [
    "ACTION",
    "STARTER",
    "TEXT_HEADER",
    "TO_HEADER",
    "Text",
    "TextProblem",
    "TextRefusedError",
    "check_text",
    "paragraphs",
    "parse_text",
    "render",
]
