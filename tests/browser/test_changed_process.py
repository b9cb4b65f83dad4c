"""A second version of a running process: drawn, compared, published, followed by a dossier, and undone."""

from collections.abc import Callable

import pytest
from city import START, person_named
from playwright.sync_api import Page, expect
from website import Site

from engine import database, people

pytestmark = pytest.mark.browser

EDITOR = "process_administrator"
SECOND = "system_administrator"
TYPED = "Đã gõ trước khi quy trình đổi"
OLD_NAME, NEW_NAME = "Lập hồ sơ đề nghị", "Soạn hồ sơ đề nghị"


@pytest.fixture
def second(site: Site) -> str:
    """Make a second person who administers processes."""
    with database.transaction(site.installation.factory) as session:
        people.give_role(session, person_named(session, SECOND), EDITOR, now=START)
    return SECOND


def _begin_dossier(site: Site) -> Page:
    """Begin a dossier, type into its first form, and return the page of the task."""
    page = site.sign_in("unit_officer")
    page.goto(f"{site.address}/dossiers")
    page.locator("form[action$='/dossiers'][method=post] button").first.click()
    page.wait_for_load_state()
    if "/tasks/" not in page.url:
        page.locator("a.main-link", has_text=OLD_NAME).first.click()
        page.wait_for_load_state()
    with page.expect_response("**/draft"):
        page.fill("textarea[name=summary]", TYPED)
    return page


def _change(site: Site) -> Page:
    """Rename a step, change its deadline, compare, submit; return the page of the version."""
    page = site.sign_in(EDITOR)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(f"{site.address}/definitions")
    page.locator("form[action$='/definitions/nomination/draft'] button").click()
    page.wait_for_selector("#studio-diagram[data-state=ready]")
    page.click("[data-tool=find]")
    page.locator(".djs-search-input input").press_sequentially("prepare_dossier")
    page.keyboard.press("Enter")
    with page.expect_response(_is_saving):
        page.fill("#studio-props [data-entry-id=name] textarea", NEW_NAME)
        page.fill("#studio-props [data-entry-id=due_count] input", "7")
        page.keyboard.press("Tab")
    expect(page.locator("#studio-status[data-state=is-saved]")).to_be_visible(timeout=15_000)
    site.look(page, "changed-in-the-editor")

    page.goto(page.url.split("?")[0] + "/compare")
    differences = page.locator(".differences tbody tr")
    expect(differences).to_have_count(2)
    expect(differences.filter(has_text="10 ngày làm việc")).to_contain_text("7 ngày làm việc")
    page.wait_for_selector("[data-diagram][data-state=ready]")
    expect(page.locator(".difference-badge--changed")).to_have_count(2)
    site.look(page, "compared")

    page.goto(page.url.replace("/compare", "/submit"))
    page.fill("textarea[name=comment]", "Rút ngắn thời gian lập hồ sơ")
    page.get_by_role("button", name="Gửi người thứ hai công bố").click()
    page.wait_for_url("**/definitions/*")
    expect(page.get_by_role("button", name="Công bố bản 2")).to_have_count(0)
    return page


def _is_saving(response: object) -> bool:
    return getattr(getattr(response, "request", None), "method", "") == "PUT"


def _publish(site: Site, address: str, who: str) -> Page:
    page = site.sign_in(who)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(address)
    site.look(page, "waits-for-the-second")
    page.get_by_role("button", name="Công bố bản 2").click()
    expect(page.locator(".notice--ok").first).to_be_visible()
    return page


def _migrate(site: Site, page: Page) -> None:
    page.get_by_role("link", name="Ảnh hưởng đến hồ sơ đang chạy").click()
    site.look(page, "consequences")
    page.locator("input[name=group]").check()
    page.fill("textarea[name=reason]", "Áp dụng thời hạn mới cho hồ sơ đang lập")
    page.locator("main form button.button--primary").click()
    page.wait_for_url("**/migrations/*")
    expect(page.locator("#results")).to_contain_text("Đã chuyển 1")
    site.look(page, "migrated")


def test_a_running_dossier_follows_the_changed_process_and_comes_back(site: Site, second: str) -> None:
    task = _begin_dossier(site)
    due = task.locator(".page-head .chip").first.inner_text()
    editor = _change(site)
    page = _publish(site, editor.url, second)
    expect_task = _task_shows(task, due)
    expect_task(OLD_NAME)

    _migrate(site, page)

    expect_task(NEW_NAME)
    site.look(task, "task-after-the-migration")
    page.get_by_role("button", name="Hoàn lại").click()
    expect(page.locator("#results")).to_contain_text("Đã hoàn lại 1")
    site.look(page, "undone")
    expect_task(OLD_NAME)
    assert site.complaints == []


def _task_shows(task: Page, due: str) -> Callable[[str], None]:
    """Return a check that the task has this name, and still what was typed and its deadline."""

    def check(name: str) -> None:
        task.reload()
        expect(task.locator("h1")).to_have_text(name)
        expect(task.locator("textarea[name=summary]")).to_have_value(TYPED)
        expect(task.locator(".page-head .chip").first).to_have_text(due)

    return check
