"""Words every mail in the receiver's language, as text and as HTML that needs no images or styles."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from engine.clock import CITY_ZONE
from engine.mail import ComposedMail, MailFacts
from web.mail_words import Words, translations

_TEMPLATES: Final = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Composer:
    """Words mails with links below ``base_url``."""

    base_url: str

    def compose(self, facts: MailFacts) -> ComposedMail:
        """Return the mail; see ``engine.mail.ComposeMail``."""
        words = Words(facts.language, facts.now, self.base_url)
        name = "notice" if facts.notice is not None else "tasks"
        values: dict[str, Any] = {
            "language": words.language,
            "greeting": words.greeting(facts),
            "subject": words.subject(facts),
            "heading": words.counts(facts) if facts.kind == "digest" else words.subject(facts),
            "passed_on": words.passed_on(facts),
            "today": words.day(facts.now.astimezone(CITY_ZONE).date()),
            "base_url": self.base_url,
            "kind": facts.kind,
            **(self._notice(facts) if facts.notice is not None else self._listing(facts, words)),
        }
        environment = _environment(words.language)
        return ComposedMail(
            values["subject"],
            environment.get_template(f"mail/{name}.txt").render(values),
            environment.get_template(f"mail/{name}.html").render(values),
        )

    def _listing(self, facts: MailFacts, words: Words) -> dict[str, Any]:
        """Return what the template of tasks and dated things shows."""
        is_one_date = not facts.tasks and len(facts.entries) == 1
        return {
            "groups": words.groups(facts),
            "why": words.why(facts),
            "address": self.base_url + (facts.entries[0].path if is_one_date else "/"),
            "has_tasks": bool(facts.tasks),
        }

    def _notice(self, facts: MailFacts) -> dict[str, Any]:
        """Return what the template of notices shows."""
        notice = facts.notice
        if notice is None:
            return {}
        english = facts.language == "en"
        return {
            "lines": notice.lines_en if english else notice.lines_vi,
            "rows": [(en if english else vi, value) for vi, en, value in notice.rows],
            "address": self.base_url + notice.path,
        }


@lru_cache(maxsize=2)
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # of the extension
    return environment
