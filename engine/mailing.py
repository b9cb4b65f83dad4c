"""Sends a mail whose words a definition keeps: what a send task of type ``send_mail`` does."""

from collections.abc import Mapping, Sequence

from engine import definitions, feel, outbox, people
from engine.calendar import load_calendar
from engine.errors import StepFailedError
from engine.feel import Environment, FeelLimitError, FeelSyntaxError, Value
from engine.forms.model import Words
from engine.mail import Notice
from engine.models import Person
from engine.setup import ActionCall, ActionResult
from engine.texts import STARTER, TEXT_HEADER, TO_HEADER, paragraphs, render


def send_mail(call: ActionCall) -> ActionResult:
    """Put the text that the header ``text`` names into the outbox, for those that the header ``to`` names.

    ``to`` is written as candidate groups are: ``role`` or ``role@unit`` with commas, or FEEL that gives them;
    ``starter`` stands for whoever started the instance. Each receiver reads it in his language.

    Raises:
        StepFailedError: no such text, or ``to`` gives no names. A group without members is no failure.

    """
    headers = call.element.headers
    text = definitions.text_of(call.session, call.instance.version_id, headers.get(TEXT_HEADER, ""))
    outbox.notify(
        call.session,
        kind="notice",
        recipients=_receivers(call, headers.get(TO_HEADER, "")),
        facts=notice_of(text.subject, text.body, call.variables),
        dedupe=_cause(call),
        now=call.now,
        instance_id=call.instance.id,
    )
    return None


def notice_of(subject: Words, body: Words, values: Mapping[str, Value]) -> Notice:
    """Return what a mail says: a text's words with ``values`` in their places."""
    return Notice(
        subject_vi=render(subject.read("vi"), values, "vi"),
        subject_en=render(subject.read("en"), values, "en"),
        lines_vi=paragraphs(render(body.read("vi"), values, "vi")),
        lines_en=paragraphs(render(body.read("en"), values, "en")),
    )


def _receivers(call: ActionCall, to: str) -> list[Person]:
    on = people.local_day(call.now)
    found: list[Person] = []
    for name in _names(call, to):
        role, _, unit_code = name.partition("@")
        if name == STARTER:
            found += [call.instance.started_by] if call.instance.started_by else []
        else:
            found += people.people_holding(call.session, role, unit_code, on=on)
    return found


def _names(call: ActionCall, to: str) -> list[str]:
    value: Value = to
    if to.startswith("="):
        environment = Environment(now=call.now, calendar=load_calendar(call.session))
        try:
            value = feel.parse(to[1:]).evaluate(call.variables, environment=environment)
        except (FeelSyntaxError, FeelLimitError) as error:
            raise StepFailedError(
                f"the receivers cannot be worked out: {error}", element_id=call.element.id
            ) from error
    listed: Sequence[Value] = value if isinstance(value, list) else [value]
    names = [name.strip() for one in listed if isinstance(one, str) for name in one.split(",")]
    if not all(names) or not names:
        raise StepFailedError("the receivers of the mail give no name", element_id=call.element.id)
    return names


def _cause(call: ActionCall) -> str:
    """Return what the mail is sent once for: this pass of a token, told apart by the revision and a count."""
    passes = call.session.info.setdefault("engine.texts.passes", {})
    key = (call.instance.id, call.element.id, call.instance.revision)
    passes[key] = passes.get(key, 0) + 1
    return f"text:{call.instance.id}:{call.element.id}:{call.instance.revision}:{passes[key]}"
