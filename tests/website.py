"""A running installation as its users meet it: pages, worker, mail server and a browser."""

import os
import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from city import PASSWORD, START, add_people, open_round
from mail_servers import MailServer
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import update
from werkzeug.serving import make_server

from engine import clock, database, people
from engine.models import Person
from web import jobs
from web.app import create_app
from web.wiring import Installation

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MEMBERS = 9
WIDE = (1440, 1000)
NARROW = (390, 844)


@dataclass
class Site:
    """The running installation. ``complaints`` are what the browser's consoles said against it."""

    address: str
    installation: Installation
    mail: MailServer
    browser: Browser
    complaints: list[str]

    def sign_in(
        self, username: str, *, size: tuple[int, int] = WIDE, language: str = "vi", password: str = PASSWORD
    ) -> Page:
        """Open a browser of its own and sign in through the page."""
        page = self.context(size=size).new_page()
        page.on("console", lambda message: self._listen(message.type, message.text))
        page.on("pageerror", lambda error: self._listen("error", str(error)))
        page.goto(f"{self.address}/login?next=/inbox")
        page.fill("main input[name=username]", username)
        page.fill("main input[name=password]", password)
        page.click("main button.button--primary")
        page.wait_for_url("**/inbox*")
        if language != "vi":
            page.click(f"button[name=language][value={language}]")
        return page

    def context(self, *, size: tuple[int, int] = WIDE) -> BrowserContext:
        """Open a browser nobody has signed in with."""
        return self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, timezone_id="Asia/Ho_Chi_Minh", locale="vi-VN"
        )

    def _listen(self, kind: str, text: str) -> None:
        # A refused form answers 422, which the console calls an error: pages show it, tests assert it.
        if kind in {"error", "warning"} and "status of 4" not in text:
            self.complaints.append(text)

    def look(self, page: Page, name: str) -> None:
        """Keep a picture of the page for somebody to look at, where ``VINHDANH_PICTURES`` names a folder."""
        folder = os.environ.get("VINHDANH_PICTURES")
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def serve(installed: Installation, port: int) -> Generator[None]:
    """Serve the pages from threads and run the worker, until the generator is closed."""
    app = create_app(installed.settings, engine=installed.engine)
    # It ends whole when it is told to; whatever outlived a test would trouble those that count threads.
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    scheduler = jobs.start(installed)
    yield
    jobs.stop(scheduler)
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


def fill(installed: Installation) -> None:
    """Add people, rules and definitions; everybody has the same password."""
    now = clock.now()
    with database.transaction(installed.factory) as session:
        add_people(session)
        for number in range(2, MEMBERS + 1):
            member = people.create_person(
                session,
                username=f"council_member{number}",
                full_name=f"Ủy viên Hội đồng {number}",
                email=f"member{number}@example.org",
            )
            people.give_role(session, member, "council_member", now=START)
        session.execute(update(Person).values(password_hash=people.hash_password(PASSWORD)))
        open_round(session, now)
