"""Which language a page is in: Vietnamese at source, English complete."""

from flask import Flask, has_request_context, request, session
from flask_babel import Babel, get_locale
from flask_login import current_user

LANGUAGES = ("vi", "en")
TRANSLATIONS = "translations"


def prepare(app: Flask) -> None:
    """Let Flask-Babel speak the language of the person, else of the browser session, else Vietnamese."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = TRANSLATIONS
    Babel(app, default_locale="vi", default_timezone="Asia/Ho_Chi_Minh", locale_selector=choose_language)
    app.jinja_env.globals["language"] = language


def choose_language() -> str:
    """Return the language of this request."""
    if not has_request_context():
        return "vi"
    chosen = request.args.get("lang") or session.get("language")
    if chosen is None and current_user and current_user.is_authenticated:
        chosen = current_user.language
    return chosen if chosen in LANGUAGES else "vi"


def language() -> str:
    """Return ``vi`` or ``en``, whatever the page at hand is in."""
    return str(get_locale() or "vi")


def pick(vietnamese: str, english: str) -> str:
    """Return content that exists in both languages in the page's, Vietnamese where English is missing."""
    return english if language() == "en" and english else vietnamese
