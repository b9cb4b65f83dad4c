"""Which language a page is in: Vietnamese at source, English complete."""

from typing import Any

import flask_babel
from flask import Flask, has_request_context, request, session
from flask_login import current_user

LANGUAGES = ("vi", "en")
TRANSLATIONS = "translations"


def prepare(app: Flask) -> None:
    """Let Flask-Babel speak the language of the person, else of the browser session, else Vietnamese."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = TRANSLATIONS
    flask_babel.Babel(
        app, default_locale="vi", default_timezone="Asia/Ho_Chi_Minh", locale_selector=choose_language
    )
    offered: dict[str, Any] = {"language": language, "pick": pick}
    app.jinja_env.globals.update(offered)


def choose_language() -> str:
    """Return the language of this request."""
    if not has_request_context():
        return "vi"
    chosen = request.args.get("lang") or session.get("language")
    if chosen is None and current_user and current_user.is_authenticated:
        chosen = current_user.language
    return chosen if chosen in LANGUAGES else "vi"


def gettext(message: str, **values: object) -> str:
    """Return a sentence in the page's language; import it as ``_``, which the extraction looks for."""
    return flask_babel.gettext(message, **values)


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """Return a sentence that counts, in the page's language; ``%(num)s`` is the number."""
    return flask_babel.ngettext(singular, plural, num, **values)


def language() -> str:
    """Return ``vi`` or ``en``, whatever the page at hand is in."""
    return str(flask_babel.get_locale() or "vi")


def pick(vietnamese: str, english: str) -> str:
    """Return content that exists in both languages in the page's, Vietnamese where English is missing."""
    return english if language() == "en" and english else vietnamese
