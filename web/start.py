"""Pages that belong to no area: whether the server lives, and help."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from web.transaction import reading

pages = Blueprint("start", __name__)


@pages.get("/health")
def health() -> ResponseReturnValue:
    """Tell a load balancer that the server and its database answer."""
    with reading() as session:
        session.execute(text("SELECT 1"))
    return {"status": "ok"}


@pages.get("/help")
def help() -> ResponseReturnValue:  # noqa: A001  # the page's name in its address
    """Explain the keyboard and where to ask."""
    return render_template("help.html")
