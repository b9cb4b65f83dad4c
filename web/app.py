"""Builds the web application: every area's pages, and what stands round them."""

from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.settings import Settings
from web import areas, errors, formats, i18n, login, security, shell
from web.wiring import install


def create_app(settings: Settings, *, engine: Engine | None = None) -> Flask:
    """Return the application of one installation. ``engine`` shares a database that is already open."""
    app = Flask(__name__)
    app.extensions["vinhdanh"] = install(settings, engine=engine)
    security.prepare(app, settings)
    errors.prepare(app)
    login.prepare(app)
    i18n.prepare(app)
    shell.prepare(app)
    _prepare_templates(app)
    for blueprint in areas.BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.secure_cookies:
        # Behind the institution's proxy: one hop tells address, scheme and host.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]  # Flask's way
    return app


def _prepare_templates(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        day=formats.day,
        moment=formats.moment,
        time_of_day=formats.time_of_day,
        weekday=formats.weekday,
        weekday_and_day=formats.weekday_and_day,
        number=formats.number,
        file_size=formats.file_size,
        initials=formats.initials,
    )
    offered: dict[str, Any] = {
        "area": shell.area,
        "has_page": app.view_functions.__contains__,
        "unit_options": formats.unit_options,
        "people_options": formats.people_options,
    }
    app.jinja_env.globals.update(offered)
    app.url_defaults(_version_static)


def _version_static(endpoint: str, values: dict[str, object]) -> None:
    """Add the file's age to its address, so that browsers may keep it for a year."""
    if endpoint == "static" and "v" not in values:
        path = Path(__file__).parent / "static" / str(values.get("filename", ""))
        if path.is_file():
            values["v"] = f"{int(path.stat().st_mtime):x}"
