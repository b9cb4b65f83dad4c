"""The studio's pages in a browser: two people bring a process from nothing to publication."""

import re
from pathlib import Path
from typing import Final

import pytest
from city import START
from playwright.sync_api import Page, expect
from website import NARROW, Site

from engine import database, people

pytestmark = pytest.mark.browser

EDITOR: Final = "process_administrator"
BROKEN: Final = '<?xml version="1.0"?><a'


@pytest.fixture
def second(site: Site) -> str:
    """Return the username of a second administrator of processes."""
    with database.transaction(site.installation.factory) as session:
        person = people.create_person(session, username="second", full_name="Người thứ hai")
        person.password_hash = people.hash_password("hoa phượng đỏ bên sông")
        people.give_role(session, person, EDITOR, now=START)
    return "second"


def _open_list(page: Page, site: Site) -> Page:
    page.goto(f"{site.address}/definitions")
    return page


def test_two_people_bring_a_new_process_to_publication(site: Site, second: str) -> None:
    page = _open_list(site.sign_in(EDITOR), site)
    page.fill("#quy-trinh-moi input[name=name]", "Xin nghỉ phép")
    expect(page.locator("#quy-trinh-moi input[name=key]")).to_have_attribute("placeholder", "xin_nghi_phep")
    page.click("#quy-trinh-moi button")
    expect(page.locator(".tabs [aria-current]")).to_have_text("Sơ đồ")
    page.click("text=Gửi người thứ hai công bố…")
    page.fill("textarea[name=comment]", "Bản đầu tiên")
    with page.expect_navigation():
        page.click("main button.button--primary")
    expect(page.locator("main")).to_contain_text("Bản này phải do người khác công bố.")

    other = site.sign_in(second)
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto(page.url)
    expect(other.locator("main")).to_contain_text("Bản đầu tiên")
    # Publishing checks once more, which takes a machine at work its time.
    with other.expect_navigation():
        other.get_by_role("button", name="Công bố bản 1").click()

    expect(other.locator(".title-line .chip")).to_have_text("Bản 1 · Đang dùng")
    assert site.complaints == []


def test_who_has_the_draft_open_is_seen_by_the_other(site: Site, second: str) -> None:
    page = _open_list(site.sign_in(EDITOR), site)
    page.click("tr:has-text('Quyết định khen thưởng') button")
    expect(page.locator("#studio-diagram")).to_be_visible()

    other = site.sign_in(second)
    other.goto(page.url)

    expect(other.locator("#studio-others")).to_contain_text("Người giữ Quản trị quy trình")


def test_a_file_that_cannot_be_opened_is_told_whole(site: Site, tmp_path: Path) -> None:
    broken = tmp_path / "hỏng.bpmn"
    broken.write_text(BROKEN)
    page = _open_list(site.sign_in(EDITOR), site)
    page.set_input_files("#tai-tep input[type=file]", broken)
    page.click("#tai-tep button")

    expect(page.locator("h1")).to_have_text("Không mở được tệp")
    expect(page.locator("tbody th")).to_have_text("hỏng.bpmn")


def test_on_a_narrow_screen_the_elements_are_a_list(site: Site) -> None:
    page = _open_list(site.sign_in(EDITOR, size=NARROW), site)
    page.click("tr:has-text('Quyết định khen thưởng') button")
    expect(page.locator(".only-narrow")).to_be_visible()
    page.click("text=Dạng danh sách")

    expect(page.locator("#danh-sach tbody tr").first).to_be_visible()
    expect(page.locator("#danh-sach")).to_contain_text(re.compile("Bước người làm"))
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
