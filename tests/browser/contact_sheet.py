"""Takes a picture of every page of a running demonstration and puts them on contact sheets to look at.

``python tests/browser/contact_sheet.py http://127.0.0.1:8000 PASSWORD FOLDER`` writes single pictures
and, for each language and width, sheets of six. It also tells which pages scroll sideways and what consoles
say.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
PER_SHEET = 6
PAGE_MS, EDITOR_MS = 400, 3000
PRESS = "press:"
DRAFT = f"{PRESS}form[action$='/definitions/nomination/draft'] button"
TALLEST = 2600


@dataclass(frozen=True)
class Shot:
    """One page: who looks, where he begins, and which links he follows from there (regular expressions).

    A step that begins with ``press:`` is a selector of a button to press.
    """

    name: str
    who: str
    start: str
    follow: tuple[str, ...] = ()


SHOTS = (
    Shot("login", "", "/login"),
    Shot("home-officer", "canbo.soyte", "/"),
    Shot("home-head", "thutruong.soyte", "/"),
    Shot("home-appraiser", "thamdinh", "/"),
    Shot("home-agency", "truongban", "/"),
    Shot("home-chairman", "chutich", "/"),
    Shot("home-secretary", "thuky", "/"),
    Shot("home-inspector", "kiemtra", "/"),
    Shot("home-administrator", "quantri", "/"),
    Shot("home-auditor", "kiemtoan", "/"),
    Shot("home-empty", "vanphong", "/"),
    Shot("inbox-appraiser", "thamdinh", "/inbox"),
    Shot("inbox-group", "thamdinh", "/inbox?tab=common"),
    Shot("inbox-member", "thanhvien1", "/inbox"),
    Shot("inbox-empty", "vanphong", "/inbox"),
    Shot("task-prepare", "canbo.soyte", "/inbox", (r"/tasks/\d+$",)),
    Shot("task-appraise", "thamdinh", "/inbox", (r"/tasks/\d+$",)),
    Shot("dossiers", "thamdinh", "/dossiers"),
    Shot("dossiers-empty", "thamdinh", "/dossiers?q=khongcogi"),
    Shot("dossier", "thamdinh", "/dossiers", (r"/dossiers/\d+$",)),
    Shot("council", "thuky", "/council"),
    Shot("session", "thuky", "/council", (r"/council/\d+$",)),
    Shot("ballot", "thanhvien1", "/inbox", (r"/council/\d+/ballot$",)),
    Shot("minutes", "thuky", "/council", (r"/council/1$", r"/minutes$")),
    Shot("decisions", "chutich", "/decisions"),
    Shot("sign", "chutich", "/inbox", (r"/tasks/\d+$|/decisions/sign/\d+$",)),
    Shot("decision", "chutich", "/decisions", (r"/decisions/\d+$",)),
    Shot("inspections", "kiemtra", "/inspections"),
    Shot("inspection", "kiemtra", "/inspections", (r"/inspections/\d+$",)),
    Shot("directives", "truongban", "/directives"),
    Shot("directive", "truongban", "/directives", (r"/directives/\d+$",)),
    Shot("directive-targets", "truongban", "/directives", (r"/directives/\d+$", r"tab=targets$")),
    Shot("directive-content", "truongban", "/directives", (r"/directives/\d+$", r"tab=content$")),
    Shot("directive-recipients", "truongban", "/directives", (r"/directives/\d+$", r"tab=recipients$")),
    Shot("directive-reports", "truongban", "/directives", (r"/directives/\d+$", r"tab=reports$")),
    Shot("directive-task", "truongban", "/directives", (r"/directives/\d+$", r"/directives/tasks/\d+$")),
    Shot("directive-unit", "canbo.mattran", "/directives", (r"/directives/\d+$",)),
    Shot("definitions", "quantri", "/definitions"),
    Shot("definition", "quantri", "/definitions", (r"/definitions/\d+$",)),
    Shot("running", "quantri", "/definitions", (r"/definitions/nomination/running$",)),
    Shot("instance", "quantri", "/definitions/nomination/running", (r"/instances/\d+$",)),
    Shot("begin", "canbo.soyte", "/begin"),
    Shot("studio", "quantri", "/definitions", (DRAFT,)),
    Shot("studio-forms", "quantri", "/definitions", (DRAFT, r"tab=forms")),
    Shot("studio-form", "quantri", "/definitions", (DRAFT, r"tab=forms", r"file=appraise")),
    Shot("studio-tables", "quantri", "/definitions", (DRAFT, r"tab=tables")),
    Shot("studio-text", "quantri", "/definitions", (DRAFT, r"tab=texts", r"file=")),
    Shot("studio-versions", "quantri", "/definitions", (DRAFT, r"tab=versions")),
    Shot("studio-compare", "quantri", "/definitions", (DRAFT, r"/compare$")),
    Shot("studio-submit", "quantri", "/definitions", (DRAFT, r"/submit$")),
    Shot("consequences", "quantri", "/definitions", (r"/definitions/\d+$", r"/consequences$")),
    Shot("dry-run", "quantri", "/definitions", (DRAFT, f"{PRESS}form[action$='/dry-run'] button")),
    Shot("ladders", "quantri", "/ladders"),
    Shot("ladder", "quantri", "/ladders/nomination"),
    Shot("schedules", "quantri", "/schedules"),
    Shot("schedules-month", "quantri", "/schedules/calendar"),
    Shot("schedules-year", "quantri", "/schedules/calendar?year=2027"),
    Shot("schedule", "quantri", "/schedules", (r"/schedules/\d+$",)),
    Shot("schedule-new", "kiemtra", "/schedules/new?key=inspection"),
    Shot("people", "quantri", "/people"),
    Shot("person", "quantri", "/people", (r"/people/\d+$",)),
    Shot("units", "quantri", "/units"),
    Shot("catalogue", "quantri", "/catalogue"),
    Shot("mails", "quantri", "/mails"),
    Shot("mail", "quantri", "/mails", (r"/mails/\d+$",)),
    Shot("incidents", "quantri", "/incidents"),
    Shot("profile", "thamdinh", "/profile"),
    Shot("help", "thamdinh", "/help"),
    Shot("not-found", "thamdinh", "/tasks/999999"),
    Shot("not-allowed", "canbo.soyte", "/people"),
)


def _tell(finding: str) -> None:
    print(finding)  # noqa: T201  # what this command is run for


class Photographer:
    """Signs in once per person, language and width, and takes the pictures."""

    def __init__(self, browser: Browser, address: str, password: str, folder: Path) -> None:
        self._browser, self._address, self._password, self._folder = browser, address, password, folder
        self._contexts: dict[tuple[str, str, str], BrowserContext] = {}

    def take(self, shot: Shot, *, language: str, size: str) -> Path:
        """Take one picture; return its file."""
        page = self._context(shot.who, language, size).new_page()
        page.on("console", lambda said: _tell(f"{shot.name}: {said.text}") if said.type == "error" else None)
        page.goto(self._address + shot.start)
        for step in shot.follow:
            if step.startswith(PRESS):
                page.locator(step.removeprefix(PRESS)).first.click()
                page.wait_for_load_state()
            else:
                self._follow(page, step, shot)
        page.wait_for_timeout(EDITOR_MS if "/studio/" in page.url else PAGE_MS)
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > SIZES[size][0]:
            _tell(f"{shot.name} ({language}, {size}) scrolls sideways: {width} px")
        target = self._folder / f"{language}-{size}-{shot.name}.png"
        page.screenshot(path=target, full_page=True)
        page.close()
        return target

    def _follow(self, page: Page, pattern: str, shot: Shot) -> None:
        links = [link.get_attribute("href") or "" for link in page.locator("main a[href]").all()]
        found = next((link for link in links if re.search(pattern, link)), None)
        if found is None:
            _tell(f"{shot.name}: no link like {pattern} on {page.url}")
        else:
            page.goto(found if found.startswith("http") else self._address + found)

    def _context(self, who: str, language: str, size: str) -> BrowserContext:
        key = (who, language, size)
        if key not in self._contexts:
            width, height = SIZES[size]
            context = self._browser.new_context(
                viewport={"width": width, "height": height}, timezone_id="Asia/Ho_Chi_Minh"
            )
            self._sign_in(context, who, language)
            self._contexts[key] = context
        return self._contexts[key]

    def _sign_in(self, context: BrowserContext, who: str, language: str) -> None:
        page = context.new_page()
        page.goto(f"{self._address}/login")
        if who:
            page.fill("main input[name=username]", who)
            page.fill("main input[name=password]", self._password)
            page.click("main button.button--primary")
            page.wait_for_load_state()
        switch = page.locator(f"button[name=language][value={language}]")
        if switch.count():
            switch.first.click()
            page.wait_for_load_state()
        page.close()


def put_on_sheet(browser: Browser, pictures: list[Path], target: Path) -> None:
    """Lay pictures side by side, each under its name."""
    figures = "".join(
        f'<figure><figcaption>{path.stem}</figcaption><img src="{path.as_uri()}"></figure>'
        for path in pictures
    )
    style = (
        "body{margin:8px;display:flex;flex-wrap:wrap;gap:8px;background:#888;font:14px sans-serif}"
        f"figure{{margin:0;width:640px;max-height:{TALLEST}px;overflow:hidden;background:#fff}}"
        "img{width:100%}"
    )
    sheet = target.with_suffix(".html")
    sheet.write_text(f"<!doctype html><meta charset=utf-8><style>{style}</style>{figures}")
    page = browser.new_page(viewport={"width": 1960, "height": 800})
    page.goto(sheet.as_uri())
    page.screenshot(path=target, full_page=True)
    page.close()
    sheet.unlink()


def main(address: str, password: str, folder: Path, *wanted: str) -> None:
    """Photograph every page, or those whose names are given, in both languages and widths."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        photographer = Photographer(browser, address, password, folder)
        shots = [shot for shot in SHOTS if not wanted or shot.name in wanted]
        for language in ("vi", "en"):
            for size in SIZES:
                taken = [photographer.take(shot, language=language, size=size) for shot in shots]
                for first in range(0, len(taken), PER_SHEET):
                    sheet = folder / f"sheet-{language}-{size}-{first // PER_SHEET + 1}.png"
                    put_on_sheet(browser, taken[first : first + PER_SHEET], sheet)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), *sys.argv[4:])
