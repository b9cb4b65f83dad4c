"""Puts an installation together: settings, what the processes hand down, the database."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from engine import database
from engine.models import Base
from engine.schema import ENGINE_VERSIONS, Schema
from engine.settings import Settings
from engine.setup import Setup
from processes.awards.roles import ADMINISTERS, OVERSEER, SEES_EVERYTHING
from web import mails

if TYPE_CHECKING:
    from engine.dry_runs import Shelf

FONTS = Path(__file__).parent / "static" / "dist" / "fonts"
"""Fonts for documents, where the build has put them."""
NOWHERE = "https://dry-run.invalid"


@dataclass(frozen=True)
class Installation:
    """Settings and the open database, with everything a session carries."""

    settings: Settings
    engine: Engine
    factory: sessionmaker[Session]


def install(settings: Settings, *, engine: Engine | None = None) -> Installation:
    """Open the database of ``settings`` and wire the processes to it."""
    opened = engine or database.open_engine(settings.database_url)
    return Installation(settings, opened, database.session_factory(opened, setup_of(settings)))


@lru_cache(maxsize=8)
def setup_of(settings: Settings) -> Setup:
    """Return what sessions of this installation carry: what the processes hand down, and the folders."""
    from processes import wiring  # noqa: PLC0415  # heavy; commands that need no process start faster

    return Setup(
        roles=wiring.ROLES,
        actions=wiring.ACTIONS,
        form_sources=wiring.FORM_SOURCES,
        keys=settings.keys,
        compose_mail=mails.Composer(settings.base_url).compose,
        mail_domain=urlsplit(settings.base_url).hostname or "vinhdanh.invalid",
        sees_everything=SEES_EVERYTHING | ADMINISTERS,
        administers=ADMINISTERS,
        overseer_role=OVERSEER,
        files=settings.files,
        fonts=FONTS if FONTS.is_dir() else None,
        upload_limit_bytes=settings.upload_limit_bytes,
        holds_up_succession=wiring.successions.is_voted_on,
        follow_succession=wiring.successions.take_over,
    )


def dry_run_shelf(settings: Settings) -> "Shelf":
    """Return where the dry runs of an installation lie."""
    from engine.dry_runs import Shelf  # noqa: PLC0415  # runs processes, which most commands do not

    return Shelf(settings.var / "dry-runs")


def dry_run_setup() -> Setup:
    """Return what a dry run knows of the processes: their roles, and the words of mails.

    Links in those mails lead nowhere: the tasks they speak of exist in the run alone.
    """
    from processes import wiring  # noqa: PLC0415  # heavy; commands that need no process start faster

    return Setup(roles=wiring.ROLES, overseer_role=OVERSEER, compose_mail=mails.Composer(NOWHERE).compose)


def tables() -> Schema:
    """Return all tables of the engine and the processes, with the folders of their migrations."""
    from processes.awards import models as awards  # noqa: PLC0415  # declares its tables on the engine's base

    own = Path(awards.__file__).parents[1] / "migrations" / "versions"
    return Schema(Base.metadata, (ENGINE_VERSIONS, *([own] if own.is_dir() else [])))
