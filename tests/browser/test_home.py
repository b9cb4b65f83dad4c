"""One signs in, begins with the home page, and takes the address of one's calendar along."""

import re

import pytest
from playwright.sync_api import expect
from website import NARROW, Site

pytestmark = pytest.mark.browser


def test_the_home_page_leads_to_the_calendar_whose_address_is_copied(site: Site) -> None:
    page = site.sign_in("unit_officer", size=NARROW)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("a.brand")
    expect(page).to_have_url(f"{site.address}/")
    site.look(page, "home")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]

    page.click("a[href$='/profile#lich']")
    page.click("form[action*='/profile/calendar'] button")
    page.click("[data-copy]")

    expect(page.locator("[data-copy]")).to_contain_text("Đã chép địa chỉ")
    address = str(page.evaluate("navigator.clipboard.readText()"))
    assert re.fullmatch(rf"{site.address}/calendar/[\w-]{{43}}\.ics", address)
    read = site.context().request.get(address)
    assert read.headers["content-type"].startswith("text/calendar")
    assert read.text().startswith("BEGIN:VCALENDAR")
    assert site.complaints == []
