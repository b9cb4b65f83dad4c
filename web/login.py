"""Signing in and out: passwords, the session's age, and sign-out everywhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from engine import clock, people
from engine.models import Person
from web.i18n import LANGUAGES
from web.i18n import gettext as _
from web.transaction import current_person, reading, transaction

pages = Blueprint("login", __name__)

IDLE_LIMIT = timedelta(hours=2)
"""After this long without a click one signs in anew."""
AGE_LIMIT = timedelta(hours=12)
PUBLIC_ENDPOINTS = frozenset(
    {
        "login.show",
        "login.sign_in",
        "login.language",
        "static",
        "start.health",
        "feeds.show",
        "directive_receipt.show",
        "directive_receipt.confirm",
        "directive_receipt.document",
    }
)

limiter = Limiter(get_remote_address, storage_uri="memory://")


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, as far as every request needs it; rows are loaded by the views."""

    person_id: int
    session_epoch: int
    language: str
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the session cookie keeps."""
        return f"{self.person_id}:{self.session_epoch}"


def prepare(app: Flask) -> None:
    """Put every page behind the sign-in page."""
    manager = LoginManager(app)
    manager.session_protection = "basic"
    manager.user_loader(load_signed_in)
    limiter.init_app(app)
    app.before_request(_require_sign_in)


def load_signed_in(kept: str) -> SignedIn | None:
    """Return the person of a session cookie while his sessions are valid."""
    number, _colon, epoch = kept.partition(":")
    if not (number.isdecimal() and epoch.isdecimal()):
        return None
    with reading() as database:
        person = database.get(Person, int(number))
    if person is None or not person.is_active or person.session_epoch != int(epoch):
        return None
    return SignedIn(person.id, person.session_epoch, person.language)


def _limit_key() -> str:
    return f"{get_remote_address()}:{request.form.get('username', '').strip().lower()[:80]}"


def _refused(answer: Response) -> bool:
    return answer.status_code == 401  # noqa: PLR2004  # unauthorized: the password was wrong


@pages.get("/login")
def show() -> ResponseReturnValue:
    """Show the sign-in page."""
    if current_user.is_authenticated:
        return redirect(url_for("home.index"))
    return render_template("login.html", username="", wrong="", next=request.args.get("next", ""))


@pages.post("/login")
@limiter.limit("10/minute;60/hour", key_func=_limit_key, deduct_when=_refused)
def sign_in() -> ResponseReturnValue:
    """Check a name and a password and begin a new session."""
    username, password = request.form.get("username", "").strip(), request.form.get("password", "")
    with transaction() as database:
        person = people.verify_password(database, username, password)
    if person is None:
        wrong = _("Tên đăng nhập hoặc mật khẩu không đúng. Kiểm tra phím Caps Lock và bộ gõ tiếng Việt.")
        kept = request.form.get("next", "")
        return render_template("login.html", username=username, wrong=wrong, next=kept), 401
    _begin_session(person)
    return redirect(safe_target(request.form.get("next", "")))


@pages.post("/logout")
def sign_out() -> ResponseReturnValue:
    """End all sessions of the person, on every device."""
    with transaction() as database:
        current_person(database).session_epoch += 1
    logout_user()
    session.clear()
    return redirect(url_for("login.show"))


@pages.post("/language")
def language() -> ResponseReturnValue:
    """Switch the pages' language; keep it for the person who is signed in."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if current_user.is_authenticated:
            with transaction() as database:
                current_person(database).language = chosen
    return redirect(safe_target(request.form.get("next", "")))


def _begin_session(person: Person) -> None:
    session.clear()
    now = clock.now().isoformat()
    session.permanent = True
    session.update(language=person.language, begun_at=now, seen_at=now)
    login_user(SignedIn(person.id, person.session_epoch, person.language))


def _require_sign_in() -> Response | None:
    if current_user.is_authenticated and _is_too_old():
        logout_user()
        session.clear()
    if current_user.is_authenticated:
        session["seen_at"] = clock.now().isoformat()
        return None
    if request.endpoint is None or request.endpoint in PUBLIC_ENDPOINTS:
        return None
    target = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("login.show", next=target))


def _is_too_old() -> bool:
    now = clock.now()
    try:
        begun, seen = (datetime.fromisoformat(session[name]) for name in ("begun_at", "seen_at"))
    except (KeyError, ValueError, TypeError):
        return True
    return now - begun > AGE_LIMIT or now - seen > IDLE_LIMIT


def safe_target(target: str) -> str:
    """Return ``target`` if it is a path of this site, else the home page."""
    is_path = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    return target if is_path and target.isprintable() else url_for("home.index")
