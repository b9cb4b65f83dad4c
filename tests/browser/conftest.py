"""Serves a whole installation on a free port, and opens Chromium."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from mail_servers import free_port, mail_server
from playwright.sync_api import Browser, sync_playwright
from website import FLAGS, Site, fill, serve

from engine import schema
from engine.settings import Settings
from web.wiring import install, tables

CHROMIUM = os.environ.get("VINHDANH_CHROMIUM", "/usr/bin/chromium")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium, without a window."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        opened.close()


@pytest.fixture
def site(tmp_path: Path, browser: Browser) -> Iterator[Site]:
    """Serve a city with one person in every role and nine council members."""
    port = free_port()
    with mail_server() as mail:
        settings = Settings(
            var=tmp_path,
            database_url=f"sqlite:///{tmp_path / 'vinhdanh.sqlite3'}",
            secret_key="a secret of the browser tests, long enough",
            base_url=f"http://127.0.0.1:{port}",
            smtp_port=mail.port,
            secure_cookies=False,
        )
        installed = install(settings)
        schema.upgrade(installed.engine, tables())
        fill(installed)
        running = serve(installed, port)
        next(running)
        yield Site(settings.base_url, installed, mail, browser, [])
        # The server ends with its last connection, and an open window keeps one.
        for context in browser.contexts:
            context.close()
        next(running, None)
        installed.engine.dispose()
