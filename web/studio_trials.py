"""Tries what is being written in the studio: a decision on values typed in, a text as its reader gets it."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from http import HTTPStatus
from typing import Final, cast

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from engine import calendar, clock, dmn, drafts, feel, mailing, setup, texts
from engine.dmn import DecisionFailedError, Explanation, ModelRefusedError, TableTrace
from engine.errors import InvalidInputError, NotFoundError
from engine.feel import Environment, FeelLimitError, FeelSyntaxError, Value
from engine.forms.model import Words
from engine.ingest import XmlRefusedError
from engine.ingest.xml import MAX_BYTES
from engine.mail import MailFacts
from engine.models import DefinitionDraft
from web.i18n import gettext as _
from web.i18n import language, pick
from web.studio_access import get_draft
from web.transaction import current_person, reading

pages = Blueprint("studio_trials", __name__, url_prefix="/studio/drafts/<int:draft_id>")

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")
_DAY: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_SPOKEN: Final[Mapping[str, bool]] = {"true": True, "có": True, "false": False, "không": False}
_FEEL: Final = re.compile(r'[="\[{@]')


@pages.post("/decide")
def decide(draft_id: int) -> ResponseReturnValue:
    """Make one decision of a stored table with the values typed in; say what it reads and which rules fired.

    The JSON body holds ``inputs``: text by name; without it only the names of the inputs are told.
    """
    request.max_content_length = MAX_BYTES
    decision, given = request.args.get("decision", ""), _members(request.get_json(silent=True)).get("inputs")
    with reading() as session:
        draft = get_draft(session, draft_id)
        environment = Environment(now=clock.now(), calendar=calendar.load_calendar(session))
        try:
            model = _model(draft, request.args.get("file", ""))
            inputs = model.inputs_of(decision)
            if given is None:
                return jsonify(inputs=inputs)
            values = {name: typed(text) for name, text in _members(given).items() if isinstance(text, str)}
            made = model.explain(decision, values, environment=environment)
        except (XmlRefusedError, ModelRefusedError, NotFoundError) as refused:
            return jsonify(error=_refusal(refused), inputs=[]), HTTPStatus.UNPROCESSABLE_ENTITY
        except (InvalidInputError, DecisionFailedError) as failed:
            return jsonify(error=_failure(failed)), HTTPStatus.UNPROCESSABLE_ENTITY
    return jsonify(inputs=inputs, **_told(made))


@pages.post("/text-preview")
def preview(draft_id: int) -> ResponseReturnValue:
    """Show a text under work as its reader will get it, with sample values; broken places stay as written."""
    request.max_content_length = MAX_BYTES
    body = _members(request.get_json(silent=True))
    text = {name: value for name, value in _members(body.get("text")).items() if isinstance(value, str)}
    values = _nested(_members(body.get("samples")))
    with reading() as session:
        get_draft(session, draft_id)
        if text.get("type") == "mail":
            return _mail(session, text, values)
    words = _words(text, "body").read(language())
    return render_template(
        "studio/sheet.html", paragraphs=texts.paragraphs(texts.render(words, values, language()))
    )


def typed(text: str) -> Value:
    """Return what somebody typed as the value he means: a number, a day, có or không, else the text itself.

    What begins like FEEL (``=``, a quote, a list, a context, ``@``) is FEEL.

    Raises:
        InvalidInputError: it begins like FEEL and is none.

    """
    plain = text.strip()
    if not plain:
        return None
    if _FEEL.match(plain):
        try:
            return feel.evaluate(plain.removeprefix("="), {})
        except (FeelSyntaxError, FeelLimitError) as error:
            raise InvalidInputError(str(error)) from None
    if plain.lower() in _SPOKEN:
        return _SPOKEN[plain.lower()]
    if _NUMBER.fullmatch(plain):
        return feel.evaluate(plain, {})
    return _day(plain) or plain


def _day(text: str) -> date | None:
    try:
        found = _DAY.fullmatch(text)
        if found:
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        return None


def _model(draft: DefinitionDraft, file: str) -> dmn.Model:
    files = drafts.files_of(draft)
    if file not in files:
        raise NotFoundError(f"draft {draft.id} has no file {file!r}")
    beside = {name: content for name, content in files.items() if name.endswith(".dmn")}
    return dmn.load(files[file], beside=beside, file=file)


def _told(made: Explanation) -> dict[str, object]:
    return {"value": _shown(made.value), "tables": [_table(trace) for trace in made.tables]}


def _table(trace: TableTrace) -> dict[str, object]:
    return {
        "id": trace.element_id,
        "name": trace.element_name,
        "hits": [
            {
                "number": hit.number,
                "rule_id": hit.rule_id,
                "answer": ", ".join(_shown(value) for value in hit.outputs.values()),
                "notes": "; ".join(hit.annotations.values()),
            }
            for hit in trace.hits
        ],
    }


def _shown(value: Value) -> str:
    return value if isinstance(value, str) else feel.display(value)


def _refusal(refused: Exception) -> str:
    if isinstance(refused, ModelRefusedError):
        return _sentences((one.message_vi, one.message_en) for one in refused.problems)
    return _("Không có bảng quyết định này, hoặc tệp không đọc được.")


def _failure(failed: Exception) -> str:
    if isinstance(failed, DecisionFailedError):
        place = pick(failed.spot.vi, failed.spot.en)
        return _("Không tính được ở %(place)s. Kiểm tra kiểu của giá trị đã nhập.", place=place)
    return _("Còn thiếu một giá trị, hoặc một giá trị không đúng kiểu.")


def _sentences(pairs: Iterable[tuple[str, str]]) -> str:
    return " ".join(pick(vi, en) for vi, en in pairs)


def _mail(session: Session, text: Mapping[str, str], values: Mapping[str, Value]) -> str:
    facts = MailFacts(
        kind="notice",
        language=language(),
        recipient_name=current_person(session).full_name,
        now=clock.now(),
        notice=mailing.notice_of(_words(text, "subject"), _words(text, "body"), values),
    )
    return setup.of(session).compose_mail(facts).html


def _words(text: Mapping[str, str], member: str) -> Words:
    return Words(text.get(member, ""), text.get(f"{member}_en", ""))


def _nested(samples: Mapping[str, object]) -> dict[str, Value]:
    """Return sample values given by path as the contexts that these paths lead through."""
    found: dict[str, Value] = {}
    for path, text in samples.items():
        *outer, name = path.split(".")
        inner = found
        for step in outer:
            deeper = inner.get(step)
            if not isinstance(deeper, dict):
                deeper = inner[step] = {}
            inner = deeper
        inner[name] = str(text)
    return found


def _members(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}
