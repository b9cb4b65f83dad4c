"""Carries one nomination through every human step, in a real browser, to an issued decision and its PDF."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfReader
from sqlalchemy import func, select
from website import MEMBERS, Site

from engine import clock
from engine.models import OutboxMail
from processes.awards.models import BallotChoice, BallotEnvelope

pytestmark = pytest.mark.browser

AWARD = "Chiến sĩ thi đua thành phố"
NOMINEE = "Huỳnh Nguyễn Thị Phượng Uyên"
REPORT: FilePayload = {
    "name": "bao-cao-thanh-tich.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\n%%EOF\n",
}


def _open_task(page: Page, site: Site, heading: str) -> None:
    """Open a task from the inbox; the worker may need a moment to bring the message that makes it."""
    link = page.locator("a.main-link", has_text=re.compile(f"^{heading}$")).first
    for _ in range(20):
        page.goto(f"{site.address}/inbox")
        if link.count():
            break
        page.wait_for_timeout(500)
    link.click()
    page.wait_for_load_state()


def _hand_in(page: Page, button: str = ".dock button.button--primary") -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.click(button)
    page.wait_for_load_state()
    assert not page.locator(".notice--stop").count(), page.locator(".notice--stop").all_inner_texts()


def _choose(page: Page, name: str, value: str) -> None:
    """Choose one of several, by the words beside it."""
    page.locator(f"input[name='{name}'][value*='{value}']").first.check(force=True)


def _nominate(site: Site) -> None:
    page = site.sign_in("unit_officer")
    page.goto(f"{site.address}/dossiers")
    page.locator("form[action$='/dossiers'][method=post] button").first.click()
    page.wait_for_load_state()
    if "/tasks/" not in page.url:
        _open_task(page, site, "Lập hồ sơ đề nghị")
    page.select_option("select[name=award_round]", index=1)
    award = page.locator("select[name=award] option", has_text=AWARD).first.get_attribute("value")
    page.select_option("select[name=award]", award)
    page.fill("textarea[name=summary]", "Ba năm liền là Chiến sĩ thi đua cơ sở")
    _choose(page, "nominees.0.kind", "individual")
    page.fill("input[name='nominees.0.name']", NOMINEE)
    page.fill("textarea[name='nominees.0.achievement']", "Hoàn thành xuất sắc nhiệm vụ nhiều năm liền")
    page.fill("input[name='nominees.0.initiative']", "Quy trình bàn giao ca trực bằng mã QR")
    year = clock.now().astimezone(clock.CITY_ZONE).year
    titles = f"Chiến sĩ thi đua cơ sở; {year - 3}-{year - 1}; 15/QĐ-SYT"
    page.fill("textarea[name='nominees.0.prior_awards']", titles)
    page.set_input_files("input[type=file][name=achievement_reports]", files=[REPORT])
    _hand_in(page)

    head = site.sign_in("unit_head")
    _open_task(head, site, "Ký tờ trình")
    _choose(head, "submission_outcome", "sign")
    head.fill("input[name=submission_number]", "12/TTr-SYT")
    _hand_in(head)


def _appraise(site: Site) -> None:
    page = site.sign_in("appraisal_officer")
    _open_task(page, site, "Tiếp nhận hồ sơ")
    _choose(page, "receipt_outcome", "receive")
    _hand_in(page)
    _open_task(page, site, "Thẩm định từng trường hợp")
    _choose(page, "nominees.0.verdict", "accept")
    _hand_in(page)

    head = site.sign_in("agency_head")
    _open_task(head, site, "Duyệt kết quả thẩm định")
    _choose(head, "approval_outcome", "approve")
    _hand_in(head)


def _open_session(site: Site) -> None:
    page = site.sign_in("council_secretary")
    page.goto(f"{site.address}/council")
    page.locator("form[action$='/council'][method=post] button").first.click()
    _open_task(page, site, "Lập chương trình họp")
    soon = clock.now().astimezone(clock.CITY_ZONE) + timedelta(minutes=5)
    later = soon + timedelta(hours=2)
    page.fill("input[name=place]", "Phòng họp số 1")
    page.fill("input[name='meets_at.date']", f"{soon:%d/%m/%Y}")
    page.fill("input[name='meets_at.time']", f"{soon:%H:%M}")
    page.fill("input[name='closes_at.date']", f"{later:%d/%m/%Y}")
    page.fill("input[name='closes_at.time']", f"{later:%H:%M}")
    for box in page.locator("input[type=checkbox][name=dossiers]").all():
        box.check(force=True)
    _hand_in(page)
    _open_task(page, site, "Điểm danh, mở bỏ phiếu")
    for box in page.locator("input[type=checkbox][name=present_members]").all():
        box.check(force=True)
    _hand_in(page)


def _vote(site: Site, username: str, way: str) -> str:
    """Cast a ballot from the inbox; return the receipt code."""
    page = site.sign_in(username)
    page.locator("a[href*='/ballot']").first.click()
    page.locator(f"input[data-way][value={way}]").first.check(force=True)
    page.locator("button[data-cast]:visible").first.click()
    page.wait_for_load_state()
    page.locator("button[name=step][value=cast]").first.click()
    code = page.locator(".big-code").inner_text()
    page.context.close()
    return code


def _count(site: Site) -> None:
    page = site.sign_in("council_secretary")
    _open_task(page, site, "Bỏ phiếu, đóng bỏ phiếu")
    _hand_in(page)
    chair = site.sign_in("council_chair")
    _open_task(chair, site, "Ký biên bản")
    _hand_in(chair)


def _decide(site: Site) -> None:
    head = site.sign_in("agency_head")
    begin = head.locator("form[action$='/decisions'][method=post]")
    for _ in range(20):
        head.goto(f"{site.address}/decisions")
        if begin.count():
            break
        head.wait_for_timeout(500)
    if begin.locator("[name=subject]").count():
        begin.locator("[name=subject]").first.fill("Về việc tặng danh hiệu Chiến sĩ thi đua thành phố")
    begin.locator("button").first.click()
    _open_task(head, site, "Trình dự thảo quyết định")
    head.fill("textarea[name=submission_note]", "Kính trình Chủ tịch")
    _hand_in(head)

    chairman = site.sign_in("chairman")
    _open_task(chairman, site, "Ký quyết định")
    expect(chairman.locator(".paper").first).to_contain_text("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    _hand_in(chairman, "button[name=outcome][value=sign]")

    clerk = site.sign_in("clerk")
    _open_task(clerk, site, "Cấp số, ngày ban hành")
    clerk.fill("input[name^=issued_on]", f"{clock.now().astimezone(clock.CITY_ZONE):%d/%m/%Y}")
    _hand_in(clerk)


def _read_decision(site: Site, target: Path) -> str:
    page = site.sign_in("unit_officer")
    page.goto(f"{site.address}/decisions/1")
    with page.expect_download() as waiting:
        page.locator("a[href$='document.pdf']").first.click()
    waiting.value.save_as(target)
    return "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(target.read_bytes())).pages)


def test_a_nomination_becomes_an_issued_decision(site: Site, tmp_path: Path) -> None:
    _nominate(site)
    _appraise(site)
    _open_session(site)
    members = ["council_chair", "council_member"] + [f"council_member{n}" for n in range(2, MEMBERS + 1)]

    codes = [_vote(site, name, "agree") for name in members]
    with site.installation.factory() as session:
        assert session.scalar(select(func.count()).select_from(BallotEnvelope)) == len(members)
        assert session.scalar(select(func.count()).select_from(BallotChoice)) == 0
    _count(site)
    _decide(site)

    assert len(set(codes)) == len(members)
    text = _read_decision(site, tmp_path / "decision.pdf")
    assert NOMINEE in re.sub(r"\s+", " ", text)
    assert "QUYẾT ĐỊNH" in text
    officer = site.sign_in("unit_officer")
    officer.goto(f"{site.address}/dossiers/1")
    expect(officer.locator("[data-source][data-state=ready] .bjs-powered-by")).to_be_visible()
    with site.installation.factory() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMail))
    assert site.complaints == []
