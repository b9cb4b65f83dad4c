"""An administrator plays a definition in the browser; nothing of it reaches what is real."""

import html
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from city import START, City, settings_for
from factories import bpmn, flow, service_task, start_and_end, user_task
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from engine import clock, database, definitions, drafts
from engine.models import Base, Person, RoleHolding
from web import cli
from web.app import create_app

Fields = dict[str, list[str]]
OWN = ["nomination", "council_session", "decision", "inspection", "inspection_plan"]
FORM = {
    "type": "default",
    "id": "decide",
    "components": [
        {
            "type": "radio",
            "key": "outcome",
            "label": "Kết quả",
            "values": [{"label": "Duyệt", "value": "approve"}, {"label": "Trả lại", "value": "send_back"}],
            "validate": {"required": True},
        }
    ],
}
ODD = b'<bpmn:complexGateway id="odd"/><bpmn:endEvent'
ERRAND = bpmn(
    "errand",
    start_and_end(),
    user_task("ask", "=&quot;unit_officer@&quot; + unit_code", due="=add working days(today(), 5)"),
    service_task("note", "errand.note"),
    '<userTask id="decide" name="Duyệt việc"><extensionElements><zeebe:userTask/>'
    '<zeebe:formDefinition formId="decide"/><zeebe:assignmentDefinition candidateGroups="agency_head"/>'
    "</extensionElements></userTask>",
    '<exclusiveGateway id="is_approved" name="Duyệt?" default="is_approved__ask"/>',
    flow("start", "ask", "note", "decide", "is_approved", "ask"),
    '<sequenceFlow id="is_approved__wait" name="Có" sourceRef="is_approved" targetRef="wait">'
    "<conditionExpression>=outcome = &quot;approve&quot;</conditionExpression></sequenceFlow>",
    '<intermediateCatchEvent id="wait" name="Chờ trả lời"><messageEventDefinition messageRef="m"/>'
    "</intermediateCatchEvent>",
    flow("wait", "end"),
    declarations='<message id="m" name="answered"><extensionElements>'
    '<zeebe:subscription correlationKey="=unit_code"/></extensionElements></message>',
)


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, filled_sqlite_file: Path) -> Iterator[tuple[Path, str]]:
    """Return the folder of an installation in which a run has begun, and the run's address."""
    folder = tmp_path_factory.mktemp("begun")
    shutil.copyfile(filled_sqlite_file, folder / "vinhdanh.sqlite3")
    engine = database.open_engine(f"sqlite:///{folder / 'vinhdanh.sqlite3'}")
    app = create_app(settings_for(folder), engine=engine)
    app.config["WTF_CSRF_ENABLED"] = False
    city = City(app, app.extensions["vinhdanh"])
    with database.transaction(city.installation.factory) as session:
        author = session.scalars(select(Person).where(Person.username == "nobody")).one()
        files = {"errand.bpmn": ERRAND, "decide.form": json.dumps(FORM).encode()}
        definitions.create_draft(session, "errand", files, author=author, now=START)
    answer = city.client("process_administrator").post("/definitions/1/dry-run")
    engine.dispose()
    yield folder, answer.location
    shutil.rmtree(folder)


@pytest.fixture
def office(tmp_path: Path, begun: tuple[Path, str]) -> Iterator[City]:
    """Return a copy of that installation."""
    var = tmp_path / "var"
    shutil.copytree(begun[0], var)
    engine = database.open_engine(f"sqlite:///{var / 'vinhdanh.sqlite3'}")
    app = create_app(settings_for(var), engine=engine)
    app.config["WTF_CSRF_ENABLED"] = False
    yield City(app, app.extensions["vinhdanh"])
    engine.dispose()


@pytest.fixture
def address(begun: tuple[Path, str]) -> str:
    """Return the address of the run."""
    return begun[1]


@pytest.fixture
def editor(office: City) -> FlaskClient:
    """Return the browser of somebody who edits definitions."""
    return office.client("process_administrator")


def fields_of(page: str, address: str) -> tuple[str, Fields]:
    """Return where the page's move is sent, and what a browser would send for it untouched."""
    found = re.search(
        rf'<form method="post" enctype="multipart/form-data" novalidate action="({address}[^"]*)">', page
    )
    assert found, "the page offers no move"
    part = page[found.end() :]
    part = part[: part.index("</form>")]
    fields: Fields = {}
    for tag in re.findall(r"<input [^>]*>", part):
        kind, name = _attribute(tag, "type"), _attribute(tag, "name")
        if (
            name
            and kind not in {"file", "submit"}
            and (kind not in {"radio", "checkbox"} or " checked" in tag)
        ):
            fields.setdefault(name, []).append(_attribute(tag, "value"))
    for tag, text in re.findall(r"<textarea ([^>]*)>(.*?)</textarea>", part, re.DOTALL):
        fields[_attribute(tag, "name")] = [html.unescape(text)]
    for tag, options in re.findall(r"<select ([^>]*)>(.*?)</select>", part, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        fields[_attribute(tag, "name")] = [html.unescape(chosen[1]) if chosen else ""]
    return found[1], fields


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def move(editor: FlaskClient, address: str, *, query: str = "", **changes: str) -> TestResponse:
    """Make the move the page offers, with some fields changed."""
    page = editor.get(address + query)
    action, fields = fields_of(page.text, address)
    answer = editor.post(action, data={**fields, **changes}, content_type="multipart/form-data")
    return editor.get(answer.location) if answer.status_code == 302 else answer


def step_of(page: str) -> str:
    """Return after which step the page's moves come."""
    found = re.search(r'name="run:step" value="(\d+)"', page)
    assert found
    return found[1]


def heading(page: TestResponse) -> str:
    """Return the heading of the move that is offered."""
    part = page.text[page.text.index('id="viec"') :]
    found = re.search(r"<h[23]>(.*?)</h[23]>", part)
    return html.unescape(found[1]) if found else ""


def counts(city: City) -> dict[str, int]:
    """Return how many rows every table of the real database has."""
    with city.installation.factory() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_a_version_is_played_step_by_step(editor: FlaskClient, address: str) -> None:
    started = move(editor, address)
    asked = move(editor, address)
    decided = move(editor, address)

    assert heading(started) == "ask"
    assert heading(asked) == "Duyệt việc"
    assert heading(decided) == "Chờ tin “answered”: Chờ trả lời"
    assert 'data-active="[&#34;wait&#34;]"' in decided.text


def test_the_branch_that_was_chosen_is_taken(editor: FlaskClient, address: str) -> None:
    move(editor, address)
    move(editor, address)
    page = editor.get(address).text
    ways = re.findall(r'href="([^"]*branch=[^"]*)"[^>]*>([^<]*)</a>', page)
    back = next(html.unescape(link) for link, label in ways if label == "Duyệt? ask")

    moved = move(editor, address, query=back[len(address) :].partition("#")[0])

    assert heading(moved) == "ask"


def test_nothing_of_a_run_reaches_the_real_database_or_its_files(
    office: City, editor: FlaskClient, address: str
) -> None:
    before = counts(office)
    page = editor.get(address).text
    finished = editor.post(f"{address}/finish", data={"run:step": step_of(page)}, follow_redirects=True)

    assert "Đã chạy đến hết" in finished.text
    assert counts(office) == before
    assert not office.installation.settings.files.exists()
    assert not office.installation.settings.keys.exists()


def test_a_form_that_is_not_right_is_shown_again(editor: FlaskClient, address: str) -> None:
    move(editor, address)
    move(editor, address)
    step = step_of(editor.get(address).text)

    refused = move(editor, address, outcome="nonsense")

    assert refused.status_code == 422
    assert "Biểu mẫu chưa nhận" in refused.text
    assert step_of(editor.get(address).text) == step


def test_a_form_is_drawn_anew_as_it_stands(editor: FlaskClient, address: str) -> None:
    move(editor, address)
    page = move(editor, address)
    action, fields = fields_of(page.text, address)

    part = editor.post(f"{action}/refresh", data={**fields, "outcome": "send_back"})

    assert re.search(r'value="send_back"[^>]* checked', part.text)
    assert "<html" not in part.text


def test_the_diagram_of_a_run_is_given_to_the_viewer(editor: FlaskClient, address: str) -> None:
    answer = editor.get(f"{address}/diagram.bpmn?element=decide")

    assert answer.mimetype == "application/xml"
    assert b'id="decide"' in answer.data
    assert answer.headers["Content-Security-Policy"].endswith("sandbox")


def test_a_line_that_cannot_be_read_is_named_and_kept(editor: FlaskClient, address: str) -> None:

    refused = move(editor, address, **{"run:variables": "unit_code = "})

    assert refused.status_code == 422
    assert "Dòng 1 chưa đọc được" in refused.text
    assert "unit_code = </textarea>" in refused.text


def test_a_step_that_is_to_fail_is_told_in_words_and_tried_again(editor: FlaskClient, address: str) -> None:
    move(editor, address)

    failed = move(editor, address, **{"run:how.note": "fails"})
    mended = move(editor, address)

    assert heading(failed) == "Hỏng: note"
    assert "Người chạy thử đã chọn cho bước này hỏng." in failed.text
    assert 'data-failed="[&#34;note&#34;]"' in failed.text
    assert heading(mended) == "Duyệt việc"


def test_a_jump_brings_mails_that_can_be_read(editor: FlaskClient, address: str) -> None:
    page = move(editor, address)
    moments = re.findall(r'name="to" value="([^"]+T[^"]+)"', page.text)

    for moment in moments[:3]:
        now = editor.get(address).text
        page = editor.post(
            f"{address}/jump", data={"run:step": step_of(now), "to": moment}, follow_redirects=True
        )

    assert "Việc mới: ask" in page.text
    assert "https://dry-run.invalid/tasks/" in page.text


@pytest.mark.parametrize("moment", ["", "soon", "2026-11-27T08:00:00", "2000-01-01T08:00:00+07:00"])
def test_a_jump_to_nowhere_is_refused(editor: FlaskClient, address: str, moment: str) -> None:
    page = move(editor, address).text

    answer = editor.post(f"{address}/jump", data={"run:step": step_of(page), "to": moment})

    assert answer.status_code == 422


def test_going_back_shows_the_step_before(editor: FlaskClient, address: str) -> None:
    move(editor, address)
    page = move(editor, address)

    back = editor.post(f"{address}/back", data={"run:step": step_of(page.text)}, follow_redirects=True)
    anew = editor.post(
        f"{address}/back", data={"run:step": step_of(back.text), "to": "1"}, follow_redirects=True
    )

    assert heading(back) == "ask"
    assert heading(anew).startswith("Bắt đầu")


def test_two_windows_do_not_play_the_same_step_twice(editor: FlaskClient, address: str) -> None:
    action, fields = fields_of(editor.get(address).text, address)
    first = editor.post(action, data=fields)

    second = editor.post(action, data=fields)

    assert (first.status_code, second.status_code) == (302, 409)


def test_a_message_that_is_waited_for_can_be_sent(editor: FlaskClient, address: str) -> None:
    for _ in range(3):
        move(editor, address)

    page = move(editor, address)

    assert "Đã kết thúc: end" in page.text
    assert "Tin “answered” đến bước Chờ trả lời" in page.text


def test_the_page_shows_one_person_his_own_work_and_mails(editor: FlaskClient, address: str) -> None:
    page = move(editor, address).text
    people = dict(re.findall(r'<option value="(\d+)">([^<]*)</option>', page))
    numbers = {html.unescape(name): number for number, name in people.items()}

    officer = editor.get(f"{address}?person={numbers['Cán bộ thi đua, khen thưởng đơn vị 1, Đơn vị A']}")
    other = editor.get(f"{address}?person={numbers['Cán bộ thi đua, khen thưởng đơn vị 1, Đơn vị B']}")

    assert heading(officer) == "ask"
    assert heading(other) == "Người này không có việc"


def test_a_run_is_nobody_elses(office: City, editor: FlaskClient, address: str) -> None:
    with database.transaction(office.installation.factory) as session:
        second = session.scalars(select(Person).where(Person.username == "nobody")).one()
        holding = session.scalars(select(Person).where(Person.username == "process_administrator")).one()
        given = session.scalars(select(RoleHolding).where(RoleHolding.person_id == holding.id)).first()
        assert given is not None
        session.add(RoleHolding(person=second, role=given.role, starts_on=given.starts_on))

    assert editor.get(address).status_code == 200
    assert office.client("nobody").get(address).status_code == 404
    assert office.client("nobody").post(f"{address}/finish").status_code == 404
    assert office.client("auditor").get(address).status_code == 403


def test_a_draft_is_played_as_it_is_saved(office: City, editor: FlaskClient) -> None:
    with database.transaction(office.installation.factory) as session:
        person = session.scalars(select(Person).where(Person.username == "process_administrator")).one()
        draft = drafts.create_new(session, "trifle", "Việc vặt", editor=person, now=clock.now())
        draft_id = draft.id

    answer = editor.post(f"/studio/drafts/{draft_id}/dry-run")
    page = move(editor, answer.location)

    assert "Chạy thử: Việc vặt" in page.text
    assert "Đã kết thúc" in page.text


def test_a_draft_that_cannot_run_lists_why(office: City, editor: FlaskClient) -> None:
    with database.transaction(office.installation.factory) as session:
        person = session.scalars(select(Person).where(Person.username == "process_administrator")).one()
        draft = drafts.create_new(session, "trifle", "Việc vặt", editor=person, now=clock.now())
        name = "trifle.bpmn"
        broken = drafts.files_of(draft)[name].replace(
            b"<bpmn:endEvent", b'<bpmn:complexGateway id="odd"/><bpmn:endEvent'
        )
        drafts.write_file(
            session,
            draft,
            name,
            broken,
            expected_sha256=drafts.digest(drafts.files_of(draft)[name]),
            editor=person,
            now=clock.now(),
        )
        draft_id = draft.id

    answer = editor.post(f"/studio/drafts/{draft_id}/dry-run")

    assert answer.status_code == 422
    assert "Chưa chạy thử được" in answer.text
    assert "odd" in answer.text


def test_the_page_speaks_english(editor: FlaskClient, address: str) -> None:

    page = editor.get(f"{address}?lang=en").text

    assert "Dry run" in page
    assert "Start the dry run" in page


@pytest.mark.parametrize("key", OWN)
def test_every_definition_of_the_institution_plays_to_its_end(
    key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = cli.main(["dry-run", f"processes/{key}", "--json"])

    told = json.loads(capsys.readouterr().out)
    assert (status, told["ending"]) == (0, "completed")
    assert told["mails"]
    assert told["deadlines"]


def test_the_command_says_where_a_definition_is_stuck(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "errand.bpmn"
    body = (start_and_end(), user_task("ask", "", assignee="nobody.here"), flow("start", "ask", "end"))
    path.write_bytes(bpmn("errand", *body).replace(b'"nobody.here"', b'"=boss"'))

    status = cli.main(["dry-run", str(path)])

    out = capsys.readouterr().out
    assert status == 1
    assert "ask: Việc này giao đích danh cho một người không có." in out


def test_the_command_lists_what_cannot_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "errand.bpmn"
    path.write_bytes(bpmn("errand", '<startEvent id="start"/><complexGateway id="odd"/>'))

    assert cli.main(["dry-run", str(path)]) == 1
    assert "odd" in capsys.readouterr().out
