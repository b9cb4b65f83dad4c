"""Running instances on their diagram, in Chromium: numbers on steps, a click that leads to who is there."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from website import Site

from engine import clock, database, people
from engine.models import Person
from processes.awards import dossiers

pytestmark = pytest.mark.browser

KEY = "nomination"


def test_a_click_on_a_step_lists_who_is_there(site: Site) -> None:
    with database.transaction(site.installation.factory) as session:
        officer = session.query(Person).filter_by(username="unit_officer").one()
        unit = people.find_unit(session, "so_y_te")
        assert unit is not None
        now = clock.now() - timedelta(hours=1)
        code = dossiers.start_nomination(session, unit=unit, actor=officer, now=now).code
    page = site.sign_in("process_administrator")

    page.goto(f"{site.address}/definitions/{KEY}/running")
    page.wait_for_selector("#diagram[data-state=ready]")
    expect(page.locator(".heat-badges .heat-count")).to_have_text(["1"])
    page.locator("[data-element-id=prepare_dossier] .djs-hit").first.click(force=True)

    expect(page).to_have_url(f"{site.address}/definitions/{KEY}/running?element=prepare_dossier#ho-so")
    expect(page.locator("#ho-so")).to_contain_text(code)
    page.locator("#ho-so a.main-link").click()
    expect(page.locator("h1")).to_have_text(code)
