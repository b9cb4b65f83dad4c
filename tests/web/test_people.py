"""The pages of people and units: what is entered wrongly is told at the field, what is missing is shown."""

import re
from datetime import date, timedelta

import pytest
from city import City, person_named
from factories import bpmn, flow, publish, user_task
from flask.testing import FlaskClient
from sqlalchemy import select, update

from engine import clock, database, people
from engine.models import HistoryEvent, Person, RoleHolding, Task, Unit
from web import formats
from web.commands import doctor

CLIENT = "system_administrator"


@pytest.fixture
def client(full_city: City) -> FlaskClient:
    full_city.app.config["WTF_CSRF_ENABLED"] = False
    return full_city.client(CLIENT)


def today() -> date:
    return people.local_day(clock.now())


def written(shift: int) -> str:
    return formats.day(today() + timedelta(days=shift))


def wrong_at(page: str, field: str) -> str:
    """Return the sentence at a field of a page; nothing where there is none."""
    found = re.search(rf'id="f-{field}-wrong">.*?<span>(.*?)</span>', page, re.DOTALL)
    return found[1] if found else ""


def id_of(city: City, username: str) -> int:
    with city.installation.factory() as session:
        return person_named(session, username).id


def unit_id(city: City, code: str) -> int:
    with city.installation.factory() as session:
        return session.scalars(select(Unit.id).where(Unit.code == code)).one()


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"username": "Mien VH"}, "username", "Tên đăng nhập chỉ gồm chữ thường"),
        ({"username": "auditor"}, "username", "đã có người dùng"),
        ({"full_name": " "}, "full_name", "Ghi họ và tên."),
        ({"email": "mien at example"}, "email", "Chưa phải địa chỉ thư điện tử"),
    ],
)
def test_a_new_person_is_refused_at_the_field_with_all_that_was_typed(
    client: FlaskClient, changes: dict[str, str], field: str, said: str
) -> None:
    typed = {"username": "mien.vh", "full_name": "Vũ Hạ Miên", "email": "mien@example.vn", **changes}

    answer = client.post("/people", data={**typed, "job_title": "Chuyên viên"})

    assert answer.status_code == 422
    assert said in wrong_at(answer.text, field)
    assert 'value="Chuyên viên"' in answer.text
    assert f'value="{typed["username"]}"' in answer.text


def test_a_person_without_an_address_is_shown_and_can_be_given_one(
    client: FlaskClient, full_city: City
) -> None:
    number = id_of(full_city, "clerk")
    before = client.get(f"/people/{number}").text
    typed = {"full_name": "Người giữ Văn thư", "job_title": "", "unit": ""}

    refused = client.post(f"/people/{number}", data={**typed, "email": "clerk@"})
    answer = client.post(f"/people/{number}", data={**typed, "email": "clerk@example.vn"})

    assert "Người này chưa có địa chỉ thư." in before
    assert "Việc vẫn đến hộp việc, thư nhắc không gửi được." in before
    assert refused.status_code == 422
    assert "Chưa phải địa chỉ thư điện tử" in wrong_at(refused.text, "email")
    assert 'value="clerk@"' in refused.text
    assert answer.status_code == 302
    assert "chưa có địa chỉ thư" not in client.get(f"/people/{number}").text


def test_the_list_can_be_narrowed_to_people_without_an_address(client: FlaskClient, full_city: City) -> None:
    with database.transaction(full_city.installation.factory) as session:
        person_named(session, "clerk").email = "clerk@example.vn"

    page = client.get("/people?without=address").text

    assert "auditor" in page
    assert "clerk" not in page


def test_who_is_given_a_role_without_an_address_is_told_of(client: FlaskClient, full_city: City) -> None:
    number = id_of(full_city, "nobody")

    page = client.post(
        f"/people/{number}/roles", data={"role": "inspector", "starts_on": written(0)}, follow_redirects=True
    ).text

    assert "Người này chưa có địa chỉ thư: việc vẫn đến hộp việc, thư nhắc không gửi được." in page


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"starts_on": -1}, "starts_on", "đã qua. Chọn từ"),
        ({"starts_on": 3, "ends_on": 2}, "ends_on", "Ngày cuối trước ngày đầu."),
        ({"starts_on": "mai"}, "starts_on", "Chưa phải ngày."),
        ({"role": "unit_head"}, "unit", "Chọn đơn vị."),
        ({"unit": "so_y_te"}, "unit", "Bỏ chọn đơn vị."),
        ({"role": "?"}, "role", "Chọn vai trò trong danh sách."),
    ],
)
def test_a_role_is_refused_at_the_field(
    client: FlaskClient, full_city: City, changes: dict[str, int | str], field: str, said: str
) -> None:
    number = id_of(full_city, "nobody")
    typed = {"role": "inspector", "unit": "", "starts_on": 0, "ends_on": "", **changes}
    sent = {key: written(value) if isinstance(value, int) else value for key, value in typed.items()}

    answer = client.post(f"/people/{number}/roles", data=sent)

    assert answer.status_code == 422
    assert said in wrong_at(answer.text, field)
    with full_city.installation.factory() as session:
        assert session.scalars(select(RoleHolding).where(RoleHolding.person_id == number)).all() == []


def test_a_role_that_ends_leaves_the_unit_told_of(client: FlaskClient, full_city: City) -> None:
    number = id_of(full_city, "unit_head")
    with full_city.installation.factory() as session:
        holding = session.scalars(select(RoleHolding).where(RoleHolding.person_id == number)).one()

    page = client.post(f"/people/{number}/roles/{holding.id}/end", follow_redirects=True).text

    assert "Sở Y tế chưa có ai giữ vai trò thủ trưởng đơn vị: việc của vai trò này không đến ai." in page


def test_a_role_with_a_last_day_says_from_when_the_unit_has_nobody(
    client: FlaskClient, full_city: City
) -> None:
    number = id_of(full_city, "nobody")

    page = client.post(
        f"/people/{number}/roles",
        data={"role": "unit_head", "unit": "so_xay_dung", "starts_on": written(0), "ends_on": written(9)},
        follow_redirects=True,
    ).text

    assert f"từ ngày {written(10)} chưa có ai giữ vai trò thủ trưởng đơn vị" in page


def test_units_that_lack_people_are_marked_and_found(client: FlaskClient, full_city: City) -> None:
    with database.transaction(full_city.installation.factory) as session:
        for username in ("unit_head", "unit_officer"):
            person_named(session, username).email = f"{username}@example.vn"

    page, narrowed = client.get("/units").text, client.get("/units?lacking=1").text

    assert "Chưa có thủ trưởng đơn vị" in page
    assert "so_y_te" in page
    assert "so_xay_dung" in narrowed
    assert 'class="code" data-l="Mã">so_y_te' not in narrowed


def test_a_new_unit_is_refused_at_the_field(client: FlaskClient) -> None:
    answer = client.post("/units", data={"name": "Sở Mới", "code": "so_y_te", "kind": "department"})

    assert answer.status_code == 422
    assert "đã có đơn vị dùng" in wrong_at(answer.text, "code")
    assert 'value="Sở Mới"' in answer.text


def test_what_follows_from_abolishing_a_unit_is_shown_before_it_is_done(
    client: FlaskClient, full_city: City
) -> None:
    number = unit_id(full_city, "so_y_te")
    asked = {"successor": "so_xay_dung", "last_day": written(-1)}

    preview = client.get(f"/units/{number}", query_string=asked).text

    assert "1 việc đang mở chuyển sang đơn vị kế thừa" in preview
    assert "1 lịch định kỳ" in preview
    assert "Không hoàn lại được sau khi việc đã chuyển." in preview
    assert "Sở Xây dựng chưa có ai giữ vai trò thủ trưởng đơn vị" in preview
    with full_city.installation.factory() as session:
        assert session.get_one(Unit, number).successor is None


def test_a_unit_is_abolished_and_its_work_is_the_successors(client: FlaskClient, full_city: City) -> None:
    number = unit_id(full_city, "so_y_te")
    asked = {"successor": "so_xay_dung", "last_day": written(-1)}

    page = client.post(f"/units/{number}/abolish", data=asked, follow_redirects=True).text

    assert "Đã chuyển việc của đơn vị sang đơn vị kế thừa." in page
    assert "Việc đã chuyển lúc" in page
    with full_city.installation.factory() as session:
        task = session.get_one(Task, 1)
        assert {one.unit_code for one in task.candidates} == {"so_xay_dung"}
        event = session.scalars(select(HistoryEvent).where(HistoryEvent.kind == "unit_succeeded")).one()
        assert event.instance_id == task.instance_id
    said = f"Sở Y tế được sáp nhập vào Sở Xây dựng từ ngày {written(0)}"
    assert said in full_city.client("other_officer").get("/dossiers/1").text


def test_a_day_to_come_is_kept_and_can_be_called_off(client: FlaskClient, full_city: City) -> None:
    number = unit_id(full_city, "so_y_te")
    asked = {"successor": "so_xay_dung", "last_day": written(30)}

    page = client.post(f"/units/{number}/abolish", data=asked, follow_redirects=True).text
    after = client.post(f"/units/{number}/keep", follow_redirects=True).text

    assert f"Ngày cuối của đơn vị: {written(30)}." in page
    assert "Việc tự chuyển khi hết ngày đó." in page
    assert "Đã hủy việc sáp nhập. Đơn vị giữ nguyên." in after
    assert "Sáp nhập vào đơn vị khác" in after


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"successor": ""}, "successor", "Chọn đơn vị kế thừa."),
        ({"successor": "so_y_te"}, "successor", "Đơn vị không sáp nhập vào chính mình."),
        ({"last_day": "mai"}, "last_day", "Chưa phải ngày."),
        ({"last_day": "01/01/2020"}, "last_day", "Ngày này đã qua quá lâu."),
    ],
)
def test_a_merger_that_makes_no_sense_is_refused_at_the_field(
    client: FlaskClient, full_city: City, changes: dict[str, str], field: str, said: str
) -> None:
    number = unit_id(full_city, "so_y_te")
    asked = {"successor": "so_xay_dung", "last_day": written(-1), **changes}

    answer = client.post(f"/units/{number}/abolish", data=asked)

    assert answer.status_code == 422
    assert said in wrong_at(answer.text, field)
    assert said in wrong_at(client.get(f"/units/{number}", query_string=asked).text, field)
    with full_city.installation.factory() as session:
        assert session.get_one(Unit, number).successor is None
        assert session.scalars(select(Person).where(Person.unit_id == number)).all() == []


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"starts_on": -1}, "starts_on", "đã qua. Chọn từ"),
        ({"ends_on": ""}, "ends_on", "Chưa phải ngày."),
        ({"starts_on": 5, "ends_on": 4}, "ends_on", "Ngày cuối trước ngày đầu."),
        ({"taker": "999"}, "taker", "Chọn người làm thay."),
        ({"taker": "unit_head"}, "taker", "không ủy quyền cho chính mình"),
        ({"taker": "clerk"}, "taker", "Tài khoản của người này đã khóa."),
        ({"holding": "1"}, "holding", "Chọn vai trò đang giữ."),
        ({"reason": " "}, "reason", "Ghi lý do ủy quyền."),
    ],
)
def test_a_delegation_is_refused_at_the_field(
    client: FlaskClient, full_city: City, changes: dict[str, int | str], field: str, said: str
) -> None:
    assert client.get("/profile").status_code == 200
    with database.transaction(full_city.installation.factory) as session:
        person_named(session, "clerk").is_active = False
    typed = {**delegation(full_city), **changes}
    sent = {key: written(value) if isinstance(value, int) else value for key, value in typed.items()}
    if sent["taker"] in {"unit_head", "clerk"}:
        sent["taker"] = str(id_of(full_city, sent["taker"]))

    answer = full_city.client("unit_head").post("/profile/delegations", data=sent)

    assert answer.status_code == 422
    assert said in wrong_at(answer.text, field)
    if field != "reason":
        assert 'value="Đi công tác"' in answer.text


def test_a_delegation_to_somebody_without_an_address_is_told_of(client: FlaskClient, full_city: City) -> None:
    assert client.get("/profile").status_code == 200
    typed = {key: written(one) if isinstance(one, int) else one for key, one in delegation(full_city).items()}

    page = full_city.client("unit_head").post("/profile/delegations", data=typed, follow_redirects=True).text

    assert "Đã ủy quyền." in page
    assert "Người làm thay chưa có địa chỉ thư" in page


def delegation(city: City) -> dict[str, int | str]:
    """Return what the head types to lend her role; numbers are days from today."""
    with city.installation.factory() as session:
        head = person_named(session, "unit_head")
        holding = session.scalars(select(RoleHolding.id).where(RoleHolding.person_id == head.id)).one()
    taker = id_of(city, "nobody")
    return {
        "holding": str(holding),
        "taker": str(taker),
        "starts_on": 0,
        "ends_on": 3,
        "reason": "Đi công tác",
    }


def test_who_begins_work_for_a_unit_without_a_head_is_told(full_city: City) -> None:
    full_city.app.config["WTF_CSRF_ENABLED"] = False
    diagram = bpmn(
        "ask",
        '<startEvent id="start"><extensionElements><zeebe:properties>'
        '<zeebe:property name="started_by" value="unit_officer"/>'
        '</zeebe:properties></extensionElements></startEvent><endEvent id="end"/>',
        user_task("write", "=&quot;unit_officer@&quot; + unit_code"),
        flow("start", "write", "end"),
    )
    with database.transaction(full_city.installation.factory) as session:
        publish(session, "ask", diagram)

    page = (
        full_city.client("other_officer")
        .post("/begin/ask/start", data={"unit_code": "so_xay_dung"}, follow_redirects=True)
        .text
    )

    assert "Sở Xây dựng chưa có ai giữ vai trò thủ trưởng đơn vị" in page


def test_the_doctor_names_who_cannot_be_written_to_and_units_that_reach_nobody(full_city: City) -> None:
    with database.transaction(full_city.installation.factory) as session:
        session.execute(update(Person).values(email="a@example.vn"))
        person_named(session, "clerk").email = None
        head = session.scalars(select(RoleHolding).where(RoleHolding.role == "unit_head")).one()
        people.end_role(session, head, last_day=today() - timedelta(days=1), now=clock.now())

    found = [
        line
        for check in (doctor.check_people, doctor.check_units)
        for line in check(full_city.installation, clock.now())
    ]

    assert found == [
        "people: 1 with roles have no e-mail address: clerk",
        "units: 2 have nobody as unit_head: so_xay_dung, so_y_te",
    ]
