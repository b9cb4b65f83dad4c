"""An administrator plays a nomination in Chromium: step by step, back, through a failure, to the end."""

from playwright.sync_api import expect
from website import NARROW, Site


def test_a_definition_is_played_in_the_browser(site: Site) -> None:
    page = site.sign_in("process_administrator")
    page.goto(f"{site.address}/definitions")
    page.locator("tr", has_text="nomination").locator("a.main-link").click()
    page.get_by_role("button", name="Chạy thử").click()
    move = page.locator("#viec h2").first

    expect(move).to_contain_text("Bắt đầu")
    page.get_by_role("button", name="Bắt đầu chạy thử").click()
    expect(move).to_have_text("Lập hồ sơ đề nghị")
    expect(page.locator("#diagram[data-state=ready] .djs-element.is-now")).to_have_count(1)

    page.locator(".run-go button").click()
    expect(move).to_have_text("Ký tờ trình")
    page.get_by_role("link", name="Trả lại").click()
    expect(page.get_by_label("Trả lại để sửa")).to_be_checked()
    page.locator(".run-go button").click()
    expect(move).to_have_text("Lập hồ sơ đề nghị")
    page.get_by_role("button", name="Lùi một bước").click()
    expect(move).to_have_text("Ký tờ trình")

    page.get_by_role("button", name="Nhảy tới hạn kế tiếp").click()
    letter = page.locator(".run-mail").first
    letter.locator("summary").click()
    expect(letter).to_contain_text("dry-run.invalid")

    page.locator(".run-system summary").first.click()
    page.get_by_label("Bước này").first.select_option("fails")
    page.locator(".run-go button").click()
    expect(page.get_by_text("Người chạy thử đã chọn cho bước này hỏng.")).to_be_visible()
    expect(page.locator("#diagram[data-state=ready] .djs-element.is-failed")).to_have_count(1)
    page.get_by_role("button", name="Chạy lại bước này").click()
    expect(move).to_have_text("Tiếp nhận hồ sơ")

    page.get_by_role("button", name="Tự chạy đến hết").click()
    expect(page.get_by_text("Đã chạy đến hết.")).to_be_visible(timeout=60_000)

    assert site.mail.taken == []
    assert site.complaints == []


def test_a_run_is_read_on_a_narrow_screen(site: Site) -> None:
    page = site.sign_in("process_administrator", size=NARROW)
    page.goto(f"{site.address}/definitions/1")
    page.get_by_role("button", name="Chạy thử").click()
    page.get_by_role("button", name="Bắt đầu chạy thử").click()

    width = page.evaluate("document.documentElement.scrollWidth")

    expect(page.locator("#diagram")).to_be_hidden()
    assert width <= NARROW[0]
