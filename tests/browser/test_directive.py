"""Carries a directive in a real browser from its entry to the signed report; mail and documents are read."""

import email
import email.policy
import re
import zipfile
from datetime import date, time, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfReader
from website import NARROW, Site

from engine import clock
from engine.calendar import Calendar, at_local_time, load_calendar
from engine.people import local_day

pytestmark = pytest.mark.browser

NUMBER = "07/CT-UBND"
TASK = "Tăng kim ngạch xuất khẩu qua cảng"
TARGET = "Kim ngạch xuất khẩu"
OUTSIDE = "vanthu@example.org"
ASSESSMENT = "Nhiệm vụ hoàn thành, chỉ tiêu vượt mức giao."
PAPER: FilePayload = {
    "name": "chi-thi.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\n%%EOF\n",
}
PROOF: FilePayload = {
    "name": "bieu-so-lieu.pdf",
    "mimeType": "application/pdf",
    "buffer": PAPER["buffer"],
}


@pytest.fixture
def office(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Return the site at ten in the morning of a working day: work that begins today is given out by then.

    The worker is up already: it rings by the real clock.
    """
    real, day = clock.now, local_day(clock.now())
    morning = at_local_time(Calendar().next_working_day(day), time(10))
    ahead = morning - real()
    monkeypatch.setattr(clock, "now", lambda: real() + ahead)
    return site


def _open_task(site: Site, username: str, heading: str) -> Page:
    """Open a task from the inbox; the worker may need a moment to bring it."""
    page = site.sign_in(username)
    link = page.locator("a.main-link", has_text=re.compile(f"^{re.escape(heading)}$")).first
    for _ in range(80):
        page.goto(f"{site.address}/inbox")
        if link.count():
            break
        page.wait_for_timeout(500)
    link.click()
    page.wait_for_load_state()
    return page


def _press(page: Page) -> None:
    page.click(".dock button.button--primary")
    page.wait_for_load_state()
    assert not page.locator(".notice--stop").count(), page.locator(".notice--stop").all_inner_texts()


def _choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name='{name}'][value*='{value}']").first.check(force=True)
    page.wait_for_timeout(800)


def _working_day(site: Site, days: int) -> date:
    with site.installation.factory() as session:
        return load_calendar(session).add_working_days(local_day(clock.now()), days)


def _enter(site: Site, due_on: date) -> None:
    """Enter a small directive step by step; a wrong day is told at its field and nothing is lost."""
    page = site.sign_in("appraisal_officer")
    page.goto(f"{site.address}/directives")
    site.look(page, "directive-01-none-yet")
    page.get_by_role("button", name="Nhập chỉ thị").click()
    page.fill("input[name=number]", NUMBER)
    page.fill("textarea[name=subject]", "Về việc phát động thi đua nước rút cuối năm")
    page.fill("input[name='issued_on.date']", "31/02/2026")
    page.fill("input[name=signer]", "Đoàn Bách Tùng")
    page.fill("input[name=signer_title]", "Chủ tịch Ủy ban nhân dân thành phố")
    page.fill("input[name='closes_on.date']", f"{due_on + timedelta(days=90):%d/%m/%Y}")
    page.set_input_files("input[type=file][name=document]", files=[PAPER])
    page.click(".dock button.button--primary")
    expect(page.locator("#f-issued_on-wrong")).to_contain_text("Chưa phải ngày")
    expect(page.locator("input[name=number]")).to_have_value(NUMBER)
    site.look(page, "directive-02-wrong-day")
    page.fill("input[name='issued_on.date']", f"{local_day(clock.now()):%d/%m/%Y}")
    _press(page)
    page.fill("textarea[name='items.0.text']", "Phấn đấu tăng kim ngạch xuất khẩu qua cảng.")
    page.fill("input[name='items.0.summary']", "Xuất khẩu")
    _press(page)
    page.fill("textarea[name='tasks.0.name']", TASK)
    page.fill("input[name='tasks.0.item_number']", "1")
    page.select_option("select[name='tasks.0.lead_unit']", "so_y_te")
    page.fill("input[name='tasks.0.starts_on.date']", f"{local_day(clock.now()):%d/%m/%Y}")
    page.fill("input[name='tasks.0.due_on.date']", f"{due_on:%d/%m/%Y}")
    page.select_option("select[name='tasks.0.rhythm']", "once")
    site.look(page, "directive-03-task")
    _press(page)
    page.get_by_role("button", name="Thêm chỉ tiêu").click()
    page.fill("input[name='targets.0.task']", "1")
    page.fill("input[name='targets.0.name']", TARGET)
    page.fill("input[name='targets.0.measure']", "tỷ USD")
    page.fill("input[name='targets.0.lowest']", "33")
    page.fill("input[name='targets.0.highest']", "33,5")
    _press(page)
    page.fill("input[name='recipients.0.name']", "Các sở, ban, ngành, địa phương, đơn vị")
    page.select_option("select[name='recipients.0.group']", "unit_head@*")
    page.get_by_role("button", name="Thêm nơi nhận").click()
    page.fill("input[name='recipients.1.name']", "Văn phòng Chính phủ")
    page.fill("input[name='recipients.1.address']", OUTSIDE)
    _press(page)
    expect(page.locator("main")).to_contain_text("Đã đủ để trình duyệt.")
    site.look(page, "directive-04-check")
    _press(page)
    page.context.close()


def _approve(site: Site) -> None:
    page = _open_task(site, "agency_head", "Duyệt phân công, nơi nhận")
    _choose(page, "approval_outcome", "approve")
    _press(page)
    page.context.close()


def _receive(site: Site) -> None:
    """Open the link of the mail without signing in, and confirm."""
    page = site.context(size=NARROW).new_page()
    page.goto(_link_in_mail(site, page))
    expect(page.locator("main")).to_contain_text("Phấn đấu tăng kim ngạch xuất khẩu qua cảng.")
    expect(page.locator("main")).not_to_contain_text(TASK)
    site.look(page, "directive-05-received")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Tải văn bản đã ký").click()
    assert waiting.value.suggested_filename == PAPER["name"]
    page.get_by_role("button", name="Xác nhận đã nhận chỉ thị").click()
    expect(page.locator(".notice--ok").last).to_contain_text("Đã xác nhận nhận lúc")
    page.context.close()


def _link_in_mail(site: Site, page: Page) -> str:
    for _ in range(80):
        for raw in site.mail.taken:
            message = email.message_from_bytes(raw, policy=email.policy.default)
            if OUTSIDE in str(message["To"]):
                body = message.get_body(("plain",))
                assert body is not None
                found = re.search(r"https?://\S+/directives/received/[\w-]+", body.get_content())
                assert found is not None
                return found[0]
        page.wait_for_timeout(500)
    return pytest.fail(f"no mail to {OUTSIDE}")


def _extend(site: Site, due_on: date) -> None:
    """Ask for more time on the task's page; the head of the agency grants it."""
    page = site.sign_in("unit_head")
    page.goto(f"{site.address}/directives/tasks/1")
    page.get_by_text("Đề nghị gia hạn", exact=True).click()
    page.fill("input[name=wished_on]", f"{due_on:%d/%m/%Y}")
    page.fill("textarea[name=reason]", "Chờ đối soát số liệu hải quan.")
    page.get_by_role("button", name="Gửi đề nghị gia hạn").click()
    expect(page.locator("#gia-han")).to_contain_text("Chờ trả lời")
    page.context.close()
    page = _open_task(site, "agency_head", "Quyết định gia hạn")
    _choose(page, "extension_outcome", "grant")
    page.fill("input[name='granted_on.date']", f"{due_on:%d/%m/%Y}")
    page.fill("textarea[name=answer]", "Gia hạn một lần.")
    _press(page)
    page.context.close()


def _report(site: Site) -> None:
    page = _open_task(site, "unit_officer", "Báo cáo kết quả thực hiện")
    page.fill("input[name=progress_percent]", "100")
    page.fill("textarea[name=report_text]", "Đã ký 12 hợp đồng, vượt mức giao.")
    page.fill("input[name='figures.0.value']", "34,25")
    page.set_input_files("input[type=file][name=evidence]", files=[PROOF])
    page.locator("input[type=checkbox][name=is_final]").check(force=True)
    site.look(page, "directive-06-report")
    _press(page)
    page.context.close()
    page = _open_task(site, "unit_head", "Ký gửi báo cáo")
    _choose(page, "signature_outcome", "sign")
    _press(page)
    page.context.close()
    page = _open_task(site, "appraisal_officer", "Xác minh báo cáo")
    _choose(page, "verification_outcome", "accept")
    _press(page)
    page.context.close()


def _look_at_dashboard(site: Site, due_on: date) -> None:
    page = site.sign_in("chairman")
    page.goto(f"{site.address}/directives/1")
    expect(page.locator("a.big[href*='standing=done']")).to_have_text("1")
    site.look(page, "directive-07-dashboard")
    page.goto(f"{site.address}/directives/1?tab=targets")
    expect(page.locator("main")).to_contain_text("1 trên 1 chỉ tiêu đã đạt")
    page.locator("svg.chart a", has_text="34,25").first.click()
    expect(page.locator(".report-card")).to_contain_text("Đã ký 12 hợp đồng, vượt mức giao.")
    expect(page.locator("#gia-han")).to_contain_text(f"được đến {due_on:%d/%m/%Y}")
    site.look(page, "directive-08-task")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="bieu-so-lieu.pdf").click()
    assert waiting.value.suggested_filename == "bieu-so-lieu.pdf"
    page.goto(f"{site.address}/directives/1?tab=recipients")
    expect(page.locator("tr", has_text=OUTSIDE)).not_to_contain_text("Chưa đọc")
    expect(page.locator("main")).to_contain_text("0 trên 1 đã đọc")
    site.look(page, "directive-09-recipients")
    page.context.close()


def _sum_up(site: Site) -> None:
    """Draft and sign the final report, which begins by itself when all tasks are done."""
    page = _open_task(site, "appraisal_officer", "Soạn báo cáo")
    page.fill("textarea[name=assessment]", ASSESSMENT)
    page.fill("textarea[name=proposals]", "Tiếp tục theo dõi trong năm tới.")
    site.look(page, "directive-10-draft")
    _press(page)
    page.context.close()
    page = _open_task(site, "agency_head", "Ký báo cáo")
    _choose(page, "signature_outcome", "sign")
    _press(page)
    page.context.close()


def _documents(site: Site, folder: Path) -> tuple[str, str]:
    """Download the report and return the text of its PDF and of its Word file."""
    page = site.sign_in("city_office")
    page.goto(f"{site.address}/directives/1?tab=reports")
    site.look(page, "directive-11-reports")
    files: list[Path] = []
    for name in ("PDF", "Word"):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).click()
        files.append(folder / waiting.value.suggested_filename)
        waiting.value.save_as(files[-1])
    page.context.close()
    pdf = "\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(files[0].read_bytes())).pages)
    with zipfile.ZipFile(files[1]) as word:
        xml = word.read("word/document.xml").decode()
    return _plain(pdf), _plain(unescape(re.sub(r"<[^>]+>", " ", xml)))


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_a_directive_is_entered_sent_reported_on_and_summed_up(office: Site, tmp_path: Path) -> None:
    site = office
    due_on, extended_to = _working_day(site, 5), _working_day(site, 7)
    _enter(site, due_on)
    _approve(site)
    _receive(site)
    _extend(site, extended_to)
    _report(site)
    _look_at_dashboard(site, extended_to)
    _sum_up(site)

    for text in _documents(site, tmp_path):
        for part in (NUMBER, TASK, TARGET, "34,25", ASSESSMENT):
            assert part in text
    assert site.complaints == []
