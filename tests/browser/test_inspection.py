"""Carries an inspection through every human step, in a real browser, from the plan to the closed remedy."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from playwright.sync_api import FilePayload, Page, expect
from pypdf import PdfReader
from sqlalchemy import delete, select
from website import NARROW, Site

from engine import clock
from engine.calendar import at_local_time, load_calendar
from engine.models import CalendarEntry, OutboxMail, Person, RoleHolding
from engine.people import local_day
from processes.awards.models import Inspection, InspectionState, PlannedInspection, RemedyState

pytestmark = pytest.mark.browser

PROOF: FilePayload = {
    "name": "so-theo-doi.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\n1 0 obj<</Type/Page>>endobj\n%%EOF\n",
}
OBJECTION = "Sở đề nghị ghi rõ: sổ theo dõi đã lập từ tháng trước."
REMEDY = "Lập sổ theo dõi khen thưởng đủ số quyết định"


@dataclass
class Time:
    """The clock of the installation, which can be put forward."""

    ahead: timedelta = field(default_factory=timedelta)

    def go_to(self, moment: datetime) -> None:
        """Put the clock forward to a moment."""
        self.ahead += moment - clock.now()

    def next_working_day(self, site: Site, days: int) -> date:
        """Return the so many-th working day from now."""
        with site.installation.factory() as session:
            return load_calendar(session).add_working_days(local_day(clock.now()), days)


@pytest.fixture
def moving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Time]:
    """Let the test put the clock forward, for pages and worker alike."""
    real, moved = clock.now, Time()
    monkeypatch.setattr(clock, "now", lambda: real() + moved.ahead)
    yield moved
    moved.ahead = timedelta()


def _open_task(site: Site, username: str, heading: str) -> Page:
    """Open a task from the inbox; the worker may need a moment to bring it."""
    page = site.sign_in(username)
    link = page.locator("a.main-link", has_text=re.compile(f"^{re.escape(heading)}$")).first
    for _ in range(40):
        page.goto(f"{site.address}/inbox")
        if link.count():
            break
        page.wait_for_timeout(500)
    link.click()
    page.wait_for_load_state()
    return page


def _hand_in(page: Page) -> None:
    page.click(".dock button.button--primary")
    page.wait_for_load_state()
    assert not page.locator(".notice--stop").count(), page.locator(".notice--stop").all_inner_texts()
    page.context.close()


def _choose(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name='{name}'][value*='{value}']").first.check(force=True)
    page.wait_for_timeout(800)


def _fill_moment(page: Page, name: str, moment: datetime) -> None:
    local = moment.astimezone(clock.CITY_ZONE)
    page.fill(f"input[name='{name}.date']", f"{local:%d/%m/%Y}")
    page.fill(f"input[name='{name}.time']", f"{local:%H:%M}")


def _plan(site: Site) -> date:
    """Draw up the next year's plan; return the day on which the unit is told."""
    with site.installation.factory.begin() as session:
        other = session.scalars(select(Person).where(Person.username == "other_officer")).one()
        # One unit is enough: the other one would have the same tasks.
        session.execute(delete(RoleHolding).where(RoleHolding.person_id == other.id))
    page = site.sign_in("inspector")
    page.goto(f"{site.address}/inspections/plans")
    page.get_by_role("link", name="Lập kế hoạch…").click()
    page.locator("form[action*='/begin/inspection_plan/'] button").click()
    page.wait_for_url(re.compile(r"/tasks/\d+$"))
    site.look(page, "inspection-1-draft")
    _hand_in(page)
    page = _open_task(site, "agency_head", "Xem xét kế hoạch")
    _choose(page, "review_outcome", "submit")
    _hand_in(page)
    page = _open_task(site, "chairman", "Phê duyệt kế hoạch")
    expect(page.locator("main")).to_contain_text("Chưa được kiểm tra lần nào.")
    _choose(page, "approval_outcome", "approve")
    site.look(page, "inspection-2-approval")
    _hand_in(page)
    page = site.sign_in("inspector")
    page.goto(f"{site.address}/inspections/plans/1/draw")
    expect(page.locator(".notice--ok")).to_contain_text("Kết quả trùng khớp")
    page.context.close()
    with site.installation.factory() as session:
        return session.scalars(select(PlannedInspection)).one().notice_on


def _report(site: Site) -> None:
    page = _open_task(site, "unit_officer", "Báo cáo tự kiểm tra")
    for box in page.locator("main form#viec textarea[name]:not([name=difficulties])").all():
        box.fill("Đã thực hiện đủ, có văn bản kèm theo.")
    page.fill("input[name=direct_worker_percent]", "64")
    page.set_input_files("input[type=file][name=record_keeping_files]", files=[PROOF])
    site.look(page, "inspection-3-self-report")
    _hand_in(page)
    page = _open_task(site, "unit_head", "Ký báo cáo tự kiểm tra")
    _choose(page, "report_outcome", "sign")
    _hand_in(page)


def _send_team(site: Site, visit_at: datetime) -> None:
    page = _open_task(site, "inspector", "Xem xét báo cáo")
    expect(page.locator("aside")).to_contain_text("so-theo-doi.pdf")
    _choose(page, "review_outcome", "accept")
    _hand_in(page)
    page = _open_task(site, "agency_head", "Thành lập đoàn kiểm tra")
    page.select_option("select[name=team_leader]", label=_label(page, "team_leader", "Cán bộ kiểm tra"))
    page.select_option("select[name=team_secretary]", label=_label(page, "team_secretary", "thẩm định"))
    _fill_moment(page, "visit_at", visit_at)
    page.fill("input[name=visit_place]", "Trụ sở Sở Y tế")
    site.look(page, "inspection-4-team")
    _hand_in(page)


def _label(page: Page, name: str, word: str) -> str:
    """Return the words of the option of a select that names somebody."""
    return page.locator(f"select[name={name}] option", has_text=word).first.inner_text()


def _visit(site: Site) -> None:
    page = _open_task(site, "appraisal_officer", "Kiểm tra, lập biên bản")
    _choose(page, "visit_outcome", "done")
    page.fill("textarea[name=attendance]", "Thủ trưởng đơn vị; cán bộ thi đua, khen thưởng.")
    for box in page.locator("textarea[name^='findings.'][name$='.text']").all():
        box.fill("Khớp báo cáo tự kiểm tra.")
    page.fill("textarea[name='findings.5.text']", "Sổ theo dõi khen thưởng thiếu số quyết định.")
    page.check("input[type=checkbox][name='findings.5.is_shortcoming']", force=True)
    site.look(page, "inspection-5-minutes")
    _hand_in(page)


def _sign_minutes(site: Site) -> None:
    page = _open_task(site, "unit_head", "Ký biên bản (đơn vị)")
    page.fill("textarea[name=objections]", OBJECTION)
    _hand_in(page)
    page = _open_task(site, "inspector", "Ký biên bản (đoàn kiểm tra)")
    expect(page.locator("main")).to_contain_text(OBJECTION)
    _choose(page, "minutes_outcome", "sign")
    site.look(page, "inspection-6-signing")
    _hand_in(page)


def _conclude(site: Site, due_on: date) -> None:
    page = _open_task(site, "agency_head", "Kết luận kiểm tra")
    page.fill("textarea[name=conclusion]", "Đơn vị làm tốt phong trào; sổ sách còn thiếu.")
    if not page.locator("textarea[name='remedies.0.text']").count():
        page.locator("button[name='form:action'][value*=remedies]").first.click()
        page.wait_for_selector("textarea[name='remedies.0.text']")
    page.fill("textarea[name='remedies.0.text']", REMEDY)
    page.fill("input[name^='remedies.0.due_on']", f"{due_on:%d/%m/%Y}")
    page.check("input[type=checkbox][name=holds_awards]", force=True)
    page.wait_for_selector("textarea[name=hold_reason]")
    page.fill("textarea[name=hold_reason]", "Chưa chứng minh được căn cứ các lần khen thưởng.")
    site.look(page, "inspection-7-conclusion")
    _hand_in(page)


def _mend(site: Site) -> None:
    page = _open_task(site, "unit_officer", "Báo cáo kết quả khắc phục")
    page.fill("textarea[name=remedy_note]", "Đã lập đủ sổ, đối chiếu với văn thư.")
    page.set_input_files("input[type=file][name=remedy_files]", files=[PROOF])
    _hand_in(page)
    page = _open_task(site, "inspector", "Xác nhận khắc phục")
    _choose(page, "remedy_outcome", "verify")
    site.look(page, "inspection-8-verification")
    _hand_in(page)


def _inspection(site: Site) -> Inspection:
    with site.installation.factory() as session:
        found = session.scalars(select(Inspection).order_by(Inspection.id.desc())).first()
        assert found is not None
        assert [remedy.state for remedy in found.remedies] == [RemedyState.VERIFIED] * len(found.remedies)
        assert session.scalars(select(CalendarEntry)).one().path == f"/inspections/{found.id}"
        assert session.scalars(select(OutboxMail.id).where(OutboxMail.subject.contains(found.code))).first()
        return found


def _read_minutes(page: Page) -> str:
    with page.expect_download() as waiting:
        page.get_by_text("Tải biên bản (PDF)").click()
    return "\n".join(
        sheet.extract_text() for sheet in PdfReader(BytesIO(waiting.value.path().read_bytes())).pages
    )


def test_an_inspection_goes_from_the_plan_to_the_closed_remedy(site: Site, moving: Time) -> None:
    moving.go_to(at_local_time(_plan(site), time(8)))
    _report(site)
    visit_at = at_local_time(moving.next_working_day(site, 15), time(8, 30))
    _send_team(site, visit_at)
    moving.go_to(visit_at + timedelta(hours=3))
    _visit(site)
    _sign_minutes(site)
    _conclude(site, moving.next_working_day(site, 20))

    head = site.sign_in("unit_head")
    head.goto(f"{site.address}/inspections")
    head.locator("a.main-link").first.click()
    expect(head.locator(".notice--stop")).to_contain_text("đang bị giữ")
    site.look(head, "inspection-9-held")
    _mend(site)

    found = _inspection(site)
    assert found.state is InspectionState.CONCLUDED
    page = site.sign_in("unit_officer", size=NARROW)
    page.goto(f"{site.address}/inspections/{found.id}")
    expect(page.locator("#khac-phuc")).to_contain_text("Đã xong cả")
    assert not page.locator(".notice--stop").count()
    site.look(page, "inspection-10-closed-narrow")
    text = re.sub(r"\s+", " ", _read_minutes(page))
    assert OBJECTION in text
    assert "Sổ theo dõi khen thưởng thiếu số quyết định." in text
    assert site.complaints == []
