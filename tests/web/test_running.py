"""The pages that show where instances stand, and one instance with all that may be done to it."""

import html
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from city import City, person_named
from factories import LONG_AGO, bpmn, flow, start_and_end, user_task
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, database, definitions, instances, tasks
from engine.instances import FireTimer
from engine.models import DefinitionVersion, Incident, InstanceState, ProcessInstance, Task, TaskState

KEY = "errand"
OWN_VALUE = '<zeebe:ioMapping><zeebe:input source="=100 + number" target="own"/></zeebe:ioMapping>'


def publish(session: Session, *names: str) -> DefinitionVersion:
    made = [
        user_task(name, "appraisal_officer", mappings=OWN_VALUE).replace(
            f'name="{name}"', f'name="Việc {name}"'
        )
        for name in names
    ]
    diagram = bpmn(KEY, start_and_end(), *made, flow("start", *names, "end"))
    author = person_named(session, "system_administrator")
    version = definitions.create_draft(session, KEY, {"errand.bpmn": diagram}, author=author, now=LONG_AGO)
    definitions.publish(session, version, publisher=person_named(session, "auditor"), now=LONG_AGO)
    return version


def open_task(session: Session, instance_id: int) -> Task:
    waiting = (Task.instance_id == instance_id, Task.state == TaskState.OPEN)
    return session.scalars(select(Task).where(*waiting)).one()


@pytest.fixture
def running(city: City) -> City:
    """Return a city where of three errands one waits at ``check``, which the newer version does not have.

    One task is overdue, one step has failed, and ``write`` has taken a day once.
    """
    now = clock.now()
    city.app.config["WTF_CSRF_ENABLED"] = False
    with database.transaction(city.installation.factory) as session:
        publish(session, "write", "check", "file")
        for number in (1, 2, 3):
            begun = now - timedelta(hours=30 - number)
            instances.start(
                session, KEY, variables={"number": number}, title=f"Việc số {number}", actor=None, now=begun
            )
        actor = person_named(session, "appraisal_officer")
        tasks.complete_task(session, open_task(session, 1), actor=actor, answers={}, now=now)
        open_task(session, 2).due_at = now - timedelta(hours=1)
        session.add(
            Incident(
                instance_id=3,
                element_id="write",
                message="no such file",
                command=instances.encode(FireTimer(uuid4()), actor_id=None),
                failures=2,
                happened_at=now,
            )
        )
        publish(session, "write", "file")
    return city


@pytest.fixture
def session(running: City) -> Iterator[Session]:
    with running.installation.factory() as session:
        session.connection(execution_options={"read_only": True})
        yield session


def page(city: City, address: str, who: str = "process_administrator") -> str:
    answer = city.client(who).get(address)
    assert answer.status_code == 200
    return answer.text


def marks(text: str) -> dict[str, dict[str, object]]:
    found = re.search(r'data-marks="([^"]*)"', text)
    assert found is not None
    marks: dict[str, dict[str, object]] = json.loads(html.unescape(found[1]))
    return marks


def test_the_diagram_carries_the_numbers(running: City) -> None:
    mark = marks(page(running, f"/definitions/{KEY}/running"))["write"]

    assert (mark["count"], mark["overdue"], mark["incidents"]) == (2, 1, 1)
    assert (mark["byCount"], mark["byTime"]) == (4, 4)
    assert "2 đang ở đây" in str(mark["says"])
    assert "1 quá hạn, 1 sự cố" in str(mark["says"])


def test_a_step_the_newer_version_has_not_is_listed_below(running: City) -> None:
    text = page(running, f"/definitions/{KEY}/running")

    assert "check" not in marks(text)
    assert "không còn ở bản 2" in text
    old = page(running, f"/definitions/{KEY}/running?version=1")
    assert marks(old)["check"]["count"] == 1
    assert "không còn ở" not in old


def test_a_version_without_instances_is_empty(running: City) -> None:
    text = page(running, f"/definitions/{KEY}/running?version=2")

    assert marks(text) == {}
    assert "Chưa có gì chạy" in text


def test_the_instances_at_a_step_are_listed_and_found(running: City) -> None:
    here = page(running, f"/definitions/{KEY}/running?element=write")
    found = page(running, f"/definitions/{KEY}/running?element=write&q=viec+so+3")

    assert "Việc số 2" in here
    assert "Việc số 1" not in here
    assert "Việc số 3" in found
    assert "Việc số 2" not in found
    assert "/instances/3" in found


def test_the_pages_speak_english(running: City) -> None:
    for address in (f"/definitions/{KEY}/running", "/instances/3"):
        text = page(running, f"{address}?lang=en")
        plain = re.sub(r"Việc (số )?\w+|<[^>]+>|Người[^<]*|Hải Phòng", "", text)
        assert not re.search(r"[ăâđêôơư]", plain), re.findall(r".*[ăâđêôơư].*", plain)


def test_an_instance_tells_what_it_waits_for_and_what_it_knows(running: City) -> None:
    text = page(running, "/instances/2")

    assert "Việc write" in text
    assert "Quá hạn 1 giờ" in text
    assert re.search(r'<span class="code">number</span></th><td>2</td>', text)
    assert re.search(r"Riêng ở “Việc write”.*own</span></th><td>102</td>", text)
    assert text.count(">number<") == 1
    assert 'action="/instances/2/suspend"' in text
    assert '<option value="file">Việc file</option>' in text
    assert "/definitions/2/consequences" in text


def test_an_auditor_reads_and_touches_nothing(running: City) -> None:
    text = page(running, "/instances/3", "auditor")

    assert "no such file" in text
    assert "/retry" not in text
    assert "/instances/3/suspend" not in text


def test_an_operation_comes_back_to_the_instance(running: City, session: Session) -> None:
    client = running.client("process_administrator")
    form = {"element": "write", "target": "file", "reason": "Bỏ kiểm tra", "next": "/instances/2"}

    answer = client.post("/instances/2/move", data=form, follow_redirects=True)

    assert answer.request.path == "/instances/2"
    assert "Đã chuyển bước." in answer.text
    assert "Bỏ kiểm tra" in answer.text
    assert open_task(session, 2).element_id == "file"


def test_a_suspended_instance_can_only_go_on_or_be_cancelled(running: City) -> None:
    client = running.client("process_administrator")
    client.post("/instances/2/suspend", data={"reason": "Chờ", "next": "/instances/2"})

    text = page(running, "/instances/2")

    assert "Tạm dừng từ" in text
    assert re.findall(r'action="/instances/2/(\w+)"', text) == ["resume", "cancel"]


def test_an_instance_that_has_ended_is_still_shown(running: City, session: Session) -> None:
    running.client("process_administrator").post("/instances/2/cancel", data={"reason": "Nhầm"})
    assert session.get_one(ProcessInstance, 2).state is InstanceState.CANCELLED

    text = page(running, "/instances/2")

    assert "Đã hủy" in text
    assert "Không chờ gì nữa" in text
    assert "/instances/2/cancel" not in text


def test_a_damaged_state_is_said_and_the_rest_is_shown(running: City) -> None:
    with database.transaction(running.installation.factory) as session:
        session.get_one(ProcessInstance, 2).workflow = b"scribble"

    text = page(running, "/instances/2")

    assert "Không đọc được trạng thái đã lưu." in text
    assert "Việc write" in text
    assert 'action="/instances/2/cancel"' in text


def test_a_retry_comes_back_to_the_instance(running: City) -> None:
    answer = running.client("process_administrator").post(
        "/incidents/1/retry", data={"next": "/instances/3"}, follow_redirects=True
    )

    assert answer.request.path == "/instances/3"
    assert "Bước này đã chạy được" in answer.text
    assert "no such file" not in answer.text


def test_an_unknown_process_or_instance_is_not_found(running: City) -> None:
    client = running.client("process_administrator")

    assert client.get("/definitions/nothing/running").status_code == 404
    assert client.get("/instances/999").status_code == 404
