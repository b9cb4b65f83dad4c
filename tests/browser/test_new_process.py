"""A process from nothing: form, table, deadline and mail drawn in the studio, tried, published, and run."""

import pytest
from city import START, person_named
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select
from website import Site

from engine import database, people
from engine.models import InstanceState, OutboxMail, ProcessInstance

pytestmark = pytest.mark.browser

EDITOR = "process_administrator"
SECOND = "system_administrator"
KEY = "xin_dung_hoi_truong"


class Desk:
    """The editor of one draft, as an administrator works at it."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.page = site.sign_in(EDITOR)
        self.page.on("dialog", lambda dialog: dialog.accept())
        self.draft = ""

    def begin(self, name: str) -> None:
        """Make a new process."""
        self.page.goto(f"{self.site.address}/definitions")
        self.page.fill("#quy-trinh-moi input[name=name]", name)
        self.page.locator("#quy-trinh-moi button").click()
        self.page.wait_for_selector("#studio-diagram[data-state=ready]")
        self.draft = self.page.url.split("?")[0]

    def add(self, tab: str, name: str) -> None:
        """Add a form, table or text, and wait for its editor."""
        self.page.goto(f"{self.draft}?tab={tab}")
        self.page.fill("main form input[name=name]", name)
        self.page.get_by_role("button", name="Thêm vào bản nháp").click()
        self.page.wait_for_selector(".studio-editor[data-state=ready]")

    def open_diagram(self) -> None:
        """Open the diagram."""
        self.page.goto(self.draft)
        self.page.wait_for_selector("#studio-diagram[data-state=ready]")

    def is_saved(self) -> None:
        """Wait until everything is kept."""
        expect(self.page.locator("#studio-status[data-state=is-saved]")).to_be_visible(timeout=15_000)

    def select(self, words: str) -> None:
        """Select an element by its name or id."""
        self.page.click("[data-tool=find]")
        self.page.locator(".djs-search-input input").press_sequentially(words)
        self.page.keyboard.press("Enter")
        expect(self.page.locator(".djs-shape.selected")).to_have_count(1)

    def append(self, action: str) -> None:
        """Put the next element behind the selected one, by the pad beside it."""
        self.is_saved()
        shapes = self.page.locator("#studio-diagram .viewport .djs-shape:not([data-element-id$=_label])")
        before = shapes.count()
        self.page.locator(f".djs-context-pad [data-action='append.{action}']").click()
        expect(shapes).to_have_count(before + 1)
        self.page.keyboard.press("Escape")

    def make(self, kind: str) -> None:
        """Make the selected element one of another kind."""
        self.page.locator(".djs-context-pad [data-action=replace]").click()
        self.page.locator(f".djs-popup [data-id='replace-with-{kind}']").click()

    def entry(self, name: str, control: str = "input") -> Locator:
        """Return a field of the properties panel."""
        return self.page.locator(f"#studio-props [data-entry-id='{name}'] {control}").first

    def name(self, name: str) -> None:
        """Name the selected element."""
        self.entry("name", "textarea").fill(name)
        self.page.keyboard.press("Tab")
        words = self.page.locator("#studio-diagram .djs-label", has_text=name.split(" ", maxsplit=1)[0])
        expect(words.first).to_be_visible()


def _write_files(desk: Desk) -> None:
    page = desk.page
    desk.add("forms", "Đề nghị")
    page.get_by_role("button", name="Một dòng chữ").click()
    page.fill("#member-label", "Dùng vào việc gì")
    page.fill("#member-key", "input")
    page.check("#member-validate-required")
    desk.is_saved()
    expect(page.locator(".form-preview label", has_text="Dùng vào việc gì")).to_be_visible()
    desk.site.look(page, "new-form")

    desk.add("forms", "Duyệt")
    page.get_by_role("button", name="Chọn một", exact=True).click()
    page.fill("#member-label", "Ý kiến")
    page.fill("#member-key", "outcome")
    page.check("#member-validate-required")
    options = page.locator(".form-options tbody tr")
    while options.count() < 2:
        page.get_by_role("button", name="Thêm lựa chọn").click()
    choices = [("Đồng ý", "Agree", "approve"), ("Không đồng ý", "Disagree", "refuse")]
    for number, written in enumerate(choices):
        for place, words in enumerate(written):
            options.nth(number).locator("input").nth(place).fill(words)
        expect(page.locator(".form-preview label", has_text=written[0]).first).to_be_visible()
    desk.is_saved()
    desk.site.look(page, "new-options")

    desk.add("tables", "Mức phục vụ")
    page.locator("td.output-cell").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.type('"loa và nước uống"')
    page.keyboard.press("Tab")
    desk.is_saved()
    desk.site.look(page, "new-table")

    desk.add("texts", "Báo kết quả")
    page.fill("#text-subject", "Được dùng hội trường")
    page.fill("#text-body", "Được dùng hội trường, kèm {{ level }}.")
    desk.is_saved()
    desk.site.look(page, "new-text")


def _draw(desk: Desk) -> None:
    page = desk.page
    desk.open_diagram()
    desk.select(f"{KEY}_ended")
    page.keyboard.press("Delete")
    desk.select(f"{KEY}_started")
    page.locator("[data-entry-id=started_by] label", has_text="Cán bộ thi đua").first.click()

    desk.append("append-task")
    desk.make("user-task")
    desk.name("Đề nghị")
    desk.entry("candidate_groups", "select").select_option("unit_officer")
    desk.entry("form_id", "select").select_option("de_nghi")

    desk.append("append-task")
    desk.make("rule-task")
    desk.name("Xếp mức")
    desk.entry("decision_id", "select").select_option("muc_phuc_vu")
    desk.entry("result_variable").fill("level")

    desk.append("append-task")
    desk.make("user-task")
    desk.name("Duyệt")
    desk.entry("candidate_groups", "select").select_option("unit_head")
    desk.entry("due_kind", "select").select_option("working_days")
    desk.entry("due_count").fill("2")
    desk.entry("form_id", "select").select_option("duyet")

    desk.append("gateway")
    desk.name("Đồng ý?")
    desk.append("end-event")
    desk.name("Không được dùng")
    desk.select("Đồng ý?")
    desk.append("append-task")
    desk.make("send-task")
    desk.name("Báo được dùng")
    desk.entry("action", "select").select_option("send_mail")
    desk.entry("mail_text", "select").select_option("bao_ket_qua")
    desk.entry("mail_to", "select").select_option("unit_officer")
    desk.append("end-event")
    desk.name("Được dùng")
    desk.is_saved()
    desk.site.look(page, "new-diagram-with-problems")


def _choose_ways(desk: Desk) -> None:
    """Say which way is taken when, where the list of problems leads."""
    page = desk.page
    problems = page.locator("#studio-problems tr[data-code=condition_missing]")
    expect(problems).to_have_count(2)
    problems.first.locator("button, a").first.click()
    page.check("#studio-props [data-entry-id=is_default] input")
    expect(problems).to_have_count(1)
    problems.first.locator("button, a").first.click()
    condition = page.locator("#studio-props [data-entry-id=condition] .cm-content")
    condition.click()
    page.keyboard.type('outcome = "approve"')
    page.keyboard.press("Tab")
    expect(page.locator("#studio-problems tr[data-severity=error]")).to_have_count(0)
    desk.is_saved()
    desk.site.look(page, "new-diagram")


def _try(desk: Desk) -> None:
    page = desk.page
    page.goto(desk.draft)
    page.get_by_role("button", name="Chạy thử", exact=True).click()
    page.wait_for_url("**/dry-runs/*")
    page.get_by_role("button", name="Tự chạy đến hết").click()
    expect(page.locator("h1 + .chip")).to_contain_text("Đã kết thúc")
    desk.site.look(page, "new-dry-run")


def _publish(site: Site, desk: Desk) -> None:
    page = desk.page
    page.goto(f"{desk.draft}/submit")
    page.fill("textarea[name=comment]", "Quy trình đầu tiên")
    site.look(page, "new-submit")
    page.get_by_role("button", name="Gửi người thứ hai công bố").click()
    page.wait_for_url("**/definitions/*")
    with database.transaction(site.installation.factory) as session:
        people.give_role(session, person_named(session, SECOND), EDITOR, now=START)
    second = site.sign_in(SECOND)
    second.on("dialog", lambda dialog: dialog.accept())
    second.goto(page.url)
    second.get_by_role("button", name="Công bố bản 1").click()
    expect(second.locator(".notice--ok").first).to_be_visible()


def _hand_in(page: Page) -> None:
    page.on("dialog", lambda dialog: dialog.accept())
    page.click(".dock button.button--primary")
    page.wait_for_load_state()
    assert not page.locator(".notice--stop").count(), page.locator(".notice--stop").all_inner_texts()


def _run(site: Site) -> None:
    officer = site.sign_in("unit_officer")
    officer.get_by_role("link", name="Bắt đầu việc mới").click()
    site.look(officer, "new-begin")
    officer.get_by_role("button", name="Bắt đầu", exact=True).click()
    officer.wait_for_url("**/tasks/*")
    officer.fill("input[name=input]", "Họp tổng kết")
    site.look(officer, "new-task")
    _hand_in(officer)

    head = site.sign_in("unit_head")
    head.locator("a.main-link", has_text="Duyệt").first.click()
    expect(head.locator(".page-head .chip").first).to_contain_text("Còn")
    site.look(head, "new-decision-task")
    head.locator("input[name=outcome][value=approve]").check(force=True)
    _hand_in(head)


def test_an_administrator_draws_tries_publishes_and_people_run_it(site: Site) -> None:
    desk = Desk(site)
    desk.begin("Xin dùng hội trường")
    _write_files(desk)
    _draw(desk)
    _choose_ways(desk)
    _try(desk)
    _publish(site, desk)
    _run(site)

    with site.installation.factory() as session:
        instance = session.scalars(select(ProcessInstance).where(ProcessInstance.key == KEY)).one()
        assert instance.state is InstanceState.COMPLETED
        mail = session.scalars(select(OutboxMail).where(OutboxMail.kind == "notice")).one()
        assert "kèm loa và nước uống" in mail.text
    assert site.complaints == []
