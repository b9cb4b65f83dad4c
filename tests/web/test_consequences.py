"""The pages that bring running instances to another version, and what is done to one instance."""

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from city import City, person_named
from factories import LONG_AGO, bpmn, flow, start_and_end, user_task
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engine import clock, database, definitions, instances, migration, people, tasks
from engine.models import (
    DefinitionVersion,
    InstanceMigration,
    InstanceState,
    ProcessInstance,
    Task,
    TaskState,
    Timer,
)
from web import waiting
from web.commands import doctor

KEY = "errand"


def errand(*names: str) -> bytes:
    made = [
        user_task(name, "appraisal_officer").replace(f'name="{name}"', f'name="Việc {name}"')
        for name in names
    ]
    return bpmn(KEY, start_and_end(), *made, flow("start", *names, "end"))


def publish(session: Session, diagram: bytes) -> DefinitionVersion:
    author = person_named(session, "system_administrator")
    version = definitions.create_draft(session, KEY, {"errand.bpmn": diagram}, author=author, now=LONG_AGO)
    definitions.publish(session, version, publisher=person_named(session, "auditor"), now=LONG_AGO)
    return version


def complete(session: Session, instance: ProcessInstance) -> None:
    task = open_task(session, instance)
    actor = person_named(session, "appraisal_officer")
    assert tasks.complete_task(session, task, actor=actor, answers={}, now=clock.now()) is None


def open_task(session: Session, instance: ProcessInstance) -> Task:
    waiting = (Task.instance_id == instance.id, Task.state == TaskState.OPEN)
    return session.scalars(select(Task).where(*waiting)).one()


@pytest.fixture
def running(city: City) -> City:
    """Return a city where three errands run: one waits at ``check``, which version 2 (id 2) does not have."""
    now = clock.now() - timedelta(days=1)
    city.app.config["WTF_CSRF_ENABLED"] = False
    with database.transaction(city.installation.factory) as session:
        publish(session, errand("write", "check", "file"))
        started = [
            instances.start(session, KEY, variables={}, title=f"Việc số {number}", actor=None, now=now)
            for number in range(3)
        ]
        complete(session, started[0])
        publish(session, errand("write", "file"))
    return city


@pytest.fixture
def session(running: City) -> Iterator[Session]:
    with running.installation.factory() as session:
        session.connection(execution_options={"read_only": True})
        yield session


def administrator(city: City) -> FlaskClient:
    return city.client("process_administrator")


def chosen(page: TestResponse) -> list[str]:
    return re.findall(r'name="group" value="([^"]+)"', page.text)


def test_the_preview_lists_groups_and_asks_where_to_go(running: City) -> None:
    page = administrator(running).get("/definitions/2/consequences")

    assert page.status_code == 200
    assert "2 đi tiếp tại chỗ · 1 cần chọn nơi đi tiếp · 0 chưa chuyển được" in page.text
    assert "Bước “Việc check” không còn ở bản mới." in page.text
    assert '<option value="file" selected>Việc file (việc) (đề xuất)</option>' in page.text
    assert len(chosen(page)) == 2


def test_the_preview_speaks_english(running: City) -> None:
    page = administrator(running).get("/definitions/2/consequences?lang=en")

    assert "Where to go on" in page.text
    assert not re.search(r"[ăâđêôơư]", re.sub(r"Việc \w+|<[^>]+>|Người[^<]*|Hải Phòng", "", page.text))


def test_chosen_groups_are_migrated_at_once_and_taken_back(running: City, session: Session) -> None:
    client = administrator(running)
    groups = chosen(client.get("/definitions/2/consequences"))

    answer = client.post(
        "/definitions/2/consequences",
        data={"group": groups, "to.check": "file", "reason": "Bỏ bước kiểm tra"},
        follow_redirects=True,
    )

    assert "Đã chuyển 3" in answer.text
    assert "Việc check → Việc file" in answer.text
    assert session.scalars(select(ProcessInstance.version_id)).all() == [2, 2, 2]
    session.rollback()

    plan_id = session.scalars(select(InstanceMigration.plan_id)).first()
    session.rollback()
    undone = client.post(f"/migrations/{plan_id}/undo", follow_redirects=True)
    assert "Đã hoàn lại 3" in undone.text
    assert session.scalars(select(ProcessInstance.version_id)).all() == [1, 1, 1]


def test_without_a_reason_or_a_group_nothing_is_migrated(running: City, session: Session) -> None:
    client = administrator(running)
    [first, *_rest] = chosen(client.get("/definitions/2/consequences"))

    for form in (
        {"group": first, "reason": " "},
        {"reason": "Vì sao"},
        {"group": "x:y,9999999999999:1", "reason": "x"},
    ):
        page = client.post("/definitions/2/consequences", data=form, follow_redirects=True)
        assert "Chưa chuyển gì" in page.text

    assert session.scalars(select(InstanceMigration)).all() == []


def test_an_instance_that_went_on_after_the_preview_is_left_alone_and_says_why(running: City) -> None:
    client = administrator(running)
    groups = chosen(client.get("/definitions/2/consequences"))
    with database.transaction(running.installation.factory) as session:
        complete(session, session.get_one(ProcessInstance, 2))

    page = client.post(
        "/definitions/2/consequences",
        data={"group": groups, "to.check": "file", "reason": "Bỏ bước kiểm tra"},
        follow_redirects=True,
    )

    assert "Đã chuyển 2" in page.text
    assert "Giữ bản cũ 1" in page.text
    assert "Hồ sơ đã đi tiếp hoặc đã kết thúc sau lúc xem" in page.text


def test_a_draft_is_only_previewed(running: City) -> None:
    with database.transaction(running.installation.factory) as session:
        author = person_named(session, "system_administrator")
        files = {"errand.bpmn": errand("write", "file", "send")}
        definitions.create_draft(session, KEY, files, author=author, now=LONG_AGO)
    client = administrator(running)

    page = client.get("/definitions/3/consequences")

    assert "Bản này chưa công bố" in page.text
    assert chosen(page) == []
    refused = client.post(
        "/definitions/3/consequences", data={"group": "2:1", "reason": "x"}, follow_redirects=True
    )
    assert "chỉ chuyển được sang bản đang dùng" in refused.text


def test_a_draft_that_cannot_run_is_not_previewed(running: City) -> None:
    with database.transaction(running.installation.factory) as session:
        author = person_named(session, "system_administrator")
        files = {"errand.bpmn": errand("write", "file").replace(b"userTask", b"adHocSubProcess")}
        definitions.create_draft(session, KEY, files, author=author, now=LONG_AGO)

    page = administrator(running).get("/definitions/3/consequences", follow_redirects=True)

    assert page.status_code == 200
    assert "Bản này còn lỗi" in page.text


def test_what_does_not_fit_at_once_is_the_workers(running: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.consequences.AT_ONCE", 1)
    client = administrator(running)
    groups = chosen(client.get("/definitions/2/consequences"))

    page = client.post(
        "/definitions/2/consequences",
        data={"group": groups, "to.check": "file", "reason": "Bỏ bước kiểm tra"},
        follow_redirects=True,
    )
    assert "Chờ chuyển 2" in page.text
    assert '<meta http-equiv="refresh" content="3">' in page.text

    migration.carry_out(running.installation.factory, now=clock.now())
    after = client.get(page.request.path)
    assert "Đã chuyển 3" in after.text
    assert 'http-equiv="refresh"' not in after.text


def operate(client: FlaskClient, operation: str, **form: str) -> str:
    fields = {"reason": "Nhầm", "next": "/definitions", **form}
    return client.post(f"/instances/2/{operation}", data=fields, follow_redirects=True).text


def test_an_instance_is_suspended_and_resumed(running: City, session: Session) -> None:
    client = administrator(running)
    assert "Đã tạm dừng." in operate(client, "suspend")
    assert session.get_one(ProcessInstance, 2).suspended_at is not None
    task_id = open_task(session, session.get_one(ProcessInstance, 2)).id
    session.rollback()

    officer = running.client("appraisal_officer")
    assert "Hồ sơ đang tạm dừng" in officer.get(f"/tasks/{task_id}").text
    assert officer.post(f"/tasks/{task_id}", data={}).status_code == 409
    assert f"/tasks/{task_id}" not in officer.get("/inbox?tab=group").text
    with running.installation.factory() as looking:
        authority = people.authority_of(
            looking, person_named(looking, "appraisal_officer"), on=people.local_day(clock.now())
        )
        assert waiting.count(looking, authority, clock.now()).tasks == 2

    assert "Đã cho chạy tiếp." in operate(client, "resume")
    assert "Chưa làm gì" in operate(client, "resume")
    assert "Hồ sơ đang tạm dừng" not in officer.get(f"/tasks/{task_id}").text


def test_a_token_is_moved(running: City, session: Session) -> None:
    client = administrator(running)

    assert "Đã chuyển bước." in operate(client, "move", element="write", target="file")
    assert open_task(session, session.get_one(ProcessInstance, 2)).element_id == "file"
    session.rollback()
    assert "Chưa làm gì" in operate(client, "move", element="file", target="nowhere")
    assert "Chưa làm gì" in operate(client, "move", element="file", target="write", reason="")


def test_an_instance_is_cancelled_with_a_reason(running: City, session: Session) -> None:
    client = administrator(running)

    assert "Chưa làm gì" in operate(client, "cancel", reason=" ")
    assert "Đã hủy quy trình." in operate(client, "cancel")
    assert session.get_one(ProcessInstance, 2).state is InstanceState.CANCELLED


def test_after_an_operation_one_stays_on_this_site(running: City) -> None:
    answer = administrator(running).post(
        "/instances/2/suspend", data={"reason": "Nhầm", "next": "https://example.org/"}
    )

    assert answer.headers["Location"] == "/"


def test_a_timer_of_a_suspended_instance_is_not_overdue(running: City) -> None:
    long_ago = clock.now() - timedelta(days=1)
    with database.transaction(running.installation.factory) as session:
        session.add(Timer(workflow_task_id=uuid4(), instance_id=2, element_id="wait", due_at=long_ago))
    assert list(doctor.check_timers(running.installation, clock.now())) == ["timers: 1 are overdue"]

    operate(administrator(running), "suspend")

    assert list(doctor.check_timers(running.installation, clock.now())) == []
