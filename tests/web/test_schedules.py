"""Schedules in the browser: set up with a preview, changed, paused, retired, and shown as a calendar."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from city import City, person_named
from factories import bpmn, flow, publish, start_and_end, user_task
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from engine import clock, people, schedules
from engine.calendar import at_local_time
from engine.database import transaction
from engine.models import DefinitionVersion, ProcessInstance, Schedule, VersionState

NEEDY_START = (
    '<startEvent id="start"><extensionElements><zeebe:properties>'
    '<zeebe:property name="brings" value="unit_code, topic"/>'
    "</zeebe:properties></extensionElements></startEvent>"
)
GROUP = "=&quot;unit_officer@&quot; + unit_code"


@pytest.fixture
def office(city: City) -> City:
    """Return an installation with two processes: one needs a unit and a topic, the other nothing."""
    city.app.config["WTF_CSRF_ENABLED"] = False
    body = (
        start_and_end().replace('<startEvent id="start"/>', NEEDY_START),
        user_task("write", GROUP),
    )
    with transaction(city.installation.factory) as session:
        publish(session, "inspection", bpmn("inspection", *body, flow("start", "write", "end")))
        plain = bpmn("plain", start_and_end(), user_task("read", "clerk"), flow("start", "read", "end"))
        publish(session, "plain", plain)
    return city


@pytest.fixture
def inspector(office: City) -> FlaskClient:
    return office.client("inspector")


def first_day() -> date:
    """Return the fifth of the month after next: every month has it, and it is far enough from today."""
    return schedules.months_later(people.local_day(clock.now()), 2).replace(day=5)


def moment(days: int) -> datetime:
    """Return the evening of a day so many days after the first."""
    return at_local_time(first_day() + timedelta(days=days), time(20))


def typed(key: str = "inspection", **others: Any) -> dict[str, Any]:  # noqa: ANN401  # inputs of the form
    """Return the form as somebody fills it in well."""
    return {
        "key": key,
        "name": "Kiểm tra hằng quý",
        "variable-topic": "Thực hiện Chỉ thị 01",
        "rhythm": "quarterly",
        "first_on": f"{first_day():%d/%m/%Y}",
        "starts_at": "08:15",
        "shift": "forward",
        "unit_mode": "chosen",
        "unit": ["so_y_te"],
        **others,
    }


def inspector_name(office: City) -> str:
    with office.installation.factory() as session:
        return person_named(session, "inspector").full_name


def only_schedule(office: City) -> Schedule:
    with office.installation.factory() as session:
        return session.scalars(select(Schedule)).one()


def set_up(client: FlaskClient, **others: Any) -> TestResponse:  # noqa: ANN401  # inputs of the form
    answer = client.post("/schedules/new", data=typed(**others))
    assert answer.status_code == 302, answer.text
    return answer


def test_an_inspector_sets_a_schedule_up_that_starts_for_its_unit(
    office: City, inspector: FlaskClient
) -> None:
    address = set_up(inspector).location

    page = inspector.get(address).text
    assert "Kiểm tra hằng quý" in page
    assert f"Ngày {first_day():%d} hằng quý, từ {first_day():%d/%m/%Y}; lúc 08:15" in page
    assert "Thực hiện Chỉ thị 01" in page
    assert "Lập lịch" in page

    assert schedules.start_due(office.installation.factory, now=moment(20)) == 1
    with office.installation.factory() as session:
        instance = session.scalars(select(ProcessInstance)).one()
        assert instance.title == "Kiểm tra hằng quý · Sở Y tế"
    shown = office.client("process_administrator").get(address).text
    assert f"/instances/{instance.id}" in shown
    assert "Sở Y tế" in shown


def test_a_preview_shows_twelve_months_and_keeps_nothing(office: City, inspector: FlaskClient) -> None:
    answer = inspector.post("/schedules/new", data=typed(preview="1"))

    assert answer.status_code == 200
    assert "12 tháng tới" in answer.text
    assert answer.text.count("Sở Y tế</td>") == 4
    assert 'value="Kiểm tra hằng quý"' in answer.text
    with office.installation.factory() as session:
        assert schedules.find_schedules(session) == []


@pytest.mark.parametrize(
    ("others", "field", "sentence"),
    [
        ({"name": " "}, "name", "Ghi tên của lịch."),
        ({"variable-topic": ""}, "variable-topic", "Quy trình cần nội dung này khi bắt đầu."),
        ({"first_on": ""}, "first_on", "Ghi ngày đầu tiên"),
        ({"first_on": "31/02/2030"}, "first_on", "Không đọc được ngày này."),
        ({"first_on": "01/01/2020"}, "first_on", "Ngày này đã qua."),
        ({"first_on": "01/01/2099"}, "first_on", "Ngày này quá xa."),
        ({"ends_on": "nay"}, "ends_on", "Không đọc được ngày này."),
        ({"ends_on": f"{first_day() - timedelta(days=1):%d/%m/%Y}"}, "ends_on", "Ngày cuối sớm hơn ngày đầu"),
        ({"starts_at": "25:00"}, "starts_at", "Không đọc được giờ này."),
        ({"shift": "sideways"}, "shift", "Chọn một cách trong danh sách."),
        ({"rhythm": "daily"}, "rhythm", "Chọn một nhịp trong danh sách."),
        ({"rhythm": "cron", "cron": ""}, "cron", "Dòng cron gồm đúng năm phần"),
        ({"rhythm": "cron", "cron": "0 8 40 * *"}, "cron", "ngày trong tháng (1 đến 31"),
        ({"rhythm": "cron", "cron": "* 8 1 * *"}, "cron", "nhiều lần một ngày"),
        ({"rhythm": "cron", "cron": "0 0 30 2 *"}, "cron", "không bao giờ chạy"),
        ({"unit_mode": "none"}, "units", "Quy trình này mở cho từng đơn vị."),
        ({"unit": []}, "units", "Chọn ít nhất một đơn vị"),
        ({"unit": ["nowhere"]}, "units", "Không có đơn vị: nowhere."),
        ({"unit_mode": "kind", "unit_kind": "commune"}, "units", "Chưa có đơn vị nào thuộc loại này."),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(
    office: City, inspector: FlaskClient, others: dict[str, Any], field: str, sentence: str
) -> None:
    answer = inspector.post("/schedules/new", data=typed(name_en="Quarterly", **others))

    assert answer.status_code == 422
    told = answer.text.split(f'id="f-{field}-wrong"')
    assert len(told) == 2, answer.text
    assert sentence in told[1].split("</p>")[0]
    assert 'value="Quarterly"' in answer.text
    assert answer.text.count('class="wrong"') == 1
    with office.installation.factory() as session:
        assert schedules.find_schedules(session) == []


def test_a_schedule_is_changed_and_its_history_says_by_whom(office: City, inspector: FlaskClient) -> None:
    address = set_up(inspector).location
    form = inspector.get(f"{address}/edit").text
    assert 'value="Kiểm tra hằng quý"' in form
    assert 'value="so_y_te" checked' in form

    changed = typed(
        name="Kiểm tra hằng tháng", rhythm="monthly", revision="1", unit_mode="kind", unit_kind="department"
    )
    answer = office.client("agency_head").post(f"{address}/edit", data=changed)

    assert answer.status_code == 302
    page = inspector.get(address).text
    assert "nhịp: Hằng quý → Hằng tháng" in page
    assert "Người giữ Trưởng ban" in page
    assert "Mọi đơn vị loại Sở, ngành" in page


def test_who_has_not_seen_the_last_change_is_asked_again(office: City, inspector: FlaskClient) -> None:
    address = set_up(inspector).location
    inspector.post(f"{address}/edit", data=typed(name="Tên mới", revision="1"))

    late = office.client("agency_head").post(f"{address}/edit", data=typed(name="Tên khác", revision="1"))

    assert late.status_code == 409
    assert f"Lịch này vừa được {inspector_name(office)} sửa lúc" in late.text
    assert 'value="Tên khác"' in late.text
    assert 'name="revision" value="2"' in late.text
    assert only_schedule(office).name == "Tên mới"


def test_a_change_into_the_past_is_refused_and_changes_nothing(office: City, inspector: FlaskClient) -> None:
    address = set_up(inspector).location

    answer = inspector.post(f"{address}/edit", data=typed(first_on="01/01/2020", revision="1"))

    assert answer.status_code == 422
    assert only_schedule(office).first_on == first_day()


def test_a_schedule_rests_goes_on_and_is_retired(office: City, inspector: FlaskClient) -> None:
    address = set_up(inspector).location

    inspector.post(f"{address}/pause", data={"reason": "Chờ văn bản mới"})
    assert only_schedule(office).is_paused
    assert "Chờ văn bản mới" in inspector.get(address).text
    inspector.post(f"{address}/resume")
    assert not only_schedule(office).is_paused
    inspector.post(f"{address}/retire")

    page = inspector.get(address).text
    assert "Đã bỏ" in page
    assert "/edit" not in page
    assert inspector.post(f"{address}/resume").status_code == 409
    assert "Kiểm tra hằng quý" not in inspector.get("/schedules").text
    assert "Kiểm tra hằng quý" in inspector.get("/schedules?show=ended").text


def test_each_sees_the_schedules_of_the_processes_he_plans(office: City, inspector: FlaskClient) -> None:
    administrator = office.client("process_administrator")
    other = administrator.post("/schedules/new", data=typed("plain", name="Dọn hồ sơ", unit_mode="none"))
    assert other.status_code == 302

    assert "Dọn hồ sơ" in administrator.get("/schedules").text
    assert "Dọn hồ sơ" in office.client("auditor").get("/schedules").text
    assert "Dọn hồ sơ" not in inspector.get("/schedules").text
    assert inspector.get(other.location).status_code == 404
    assert inspector.get("/schedules/new?key=plain").status_code == 404
    assert inspector.post(f"{other.location}/pause").status_code == 404
    assert office.client("auditor").post(f"{other.location}/pause").status_code == 403
    assert office.client("unit_head").get("/schedules").status_code == 403


def test_the_calendar_shows_what_starts_on_its_day(office: City, inspector: FlaskClient) -> None:
    set_up(inspector, shift="none")
    day = first_day()

    month = inspector.get(f"/schedules/calendar?month={day:%Y-%m}").text
    year = inspector.get(f"/schedules/calendar?year={day.year}").text

    cell = month.split(f'id="d-{day.isoformat()}"')[1].split("</td>")[0]
    assert "Kiểm tra hằng quý" in cell
    assert f"#d-{day.isoformat()}" in year
    schedules.start_due(office.installation.factory, now=moment(1))
    made_on = day + timedelta(days=1)
    later = inspector.get(f"/schedules/calendar?month={made_on:%Y-%m}").text
    made = later.split(f'id="d-{made_on.isoformat()}"')[1].split("</td>")[0]
    assert "đã mở 1 lượt" in made


def test_a_paused_schedule_is_not_in_the_calendar_which_says_so(inspector: FlaskClient) -> None:
    address = set_up(inspector, shift="none").location
    inspector.post(f"{address}/pause")

    for query in (f"month={first_day():%Y-%m}", f"year={first_day().year}"):
        page = inspector.get(f"/schedules/calendar?{query}").text
        assert "Kiểm tra hằng quý" not in page
        assert "1 lịch đang tạm dừng" in page


@pytest.mark.parametrize(
    "query", ["month=2026-13", "month=x", "year=0", "year=99999", "year=²²²²", "month=1800-01"]
)
def test_a_calendar_of_no_month_is_this_months(inspector: FlaskClient, query: str) -> None:
    answer = inspector.get(f"/schedules/calendar?{query}")

    assert answer.status_code == 200
    assert "hôm nay" in answer.text


def test_holidays_are_named_in_both_languages(inspector: FlaskClient) -> None:
    vietnamese = inspector.get("/schedules/calendar?month=2027-02").text
    english = inspector.get("/schedules/calendar?month=2027-02&lang=en").text

    assert "Mùng hai Tết Nguyên Đán" in vietnamese
    assert "Second Day of Lunar New Year" in english


def test_a_schedule_of_a_retired_process_says_so_on_its_page(office: City, inspector: FlaskClient) -> None:
    address = set_up(inspector).location
    with transaction(office.installation.factory) as session:
        retired = update(DefinitionVersion).where(DefinitionVersion.key == "inspection")
        session.execute(retired.values(state=VersionState.RETIRED))

    page = inspector.get(address).text

    assert "Lần tới sẽ không mở được." in page
    assert "Quy trình này đã ngừng dùng." in page
    assert "Không chạy được" in inspector.get("/schedules").text
    answer = inspector.post(f"{address}/edit", data=typed(revision="1"))
    assert (answer.status_code, "đã ngừng dùng" in answer.text) == (422, True)


def test_a_start_that_failed_leads_to_the_incidents(office: City, inspector: FlaskClient) -> None:
    address = set_up(inspector).location
    with transaction(office.installation.factory) as session:
        retired = update(DefinitionVersion).where(DefinitionVersion.key == "inspection")
        session.execute(retired.values(state=VersionState.RETIRED))
    schedules.start_due(office.installation.factory, now=moment(20))

    page = office.client("process_administrator").get(address).text

    assert "1 lượt hỏng" in page
    assert "/incidents" in page
    assert "1 lượt hỏng" in inspector.get("/schedules").text


def test_every_page_is_english_too(inspector: FlaskClient) -> None:
    address = set_up(inspector).location
    pages = ("/schedules", "/schedules/calendar", "/schedules/calendar?year=2027", "/schedules/new", address)

    for page in (*pages, "/schedules/new?key=inspection", f"{address}/edit"):
        separator = "&" if "?" in page else "?"
        answer = inspector.get(f"{page}{separator}lang=en")
        assert answer.status_code == 200
        assert "Recurring starts" in answer.text, page
    words = inspector.get(f"{address}?lang=en").text
    assert f"On day {first_day():%d} of every quarter" in words
