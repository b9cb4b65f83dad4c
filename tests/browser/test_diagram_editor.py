"""The editor of diagrams in a browser: what is drawn is saved, checked, mended, undone; nothing is lost."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from city import person_named
from playwright.sync_api import ConsoleMessage, FilePayload, Page, expect
from website import NARROW, WIDE, Site

from engine import clock, database, drafts, people
from engine.ingest.xml import BPMN, ZEEBE, Node, local_name, parse

pytestmark = pytest.mark.browser

PATIENCE_MS: Final = 60_000
"""What is saved is checked by a child of the server, which has to start; a busy machine takes its time."""
expect.set_options(timeout=PATIENCE_MS)

EDITOR: Final = "process_administrator"
PROCESSES: Final = ("nomination", "council_session", "decision", "inspection")

FOREIGN: Final = Path(__file__).with_name("foreign.bpmn")
"""A diagram as other tools write it: with marks, listeners and data that we neither show nor run, and an
element of the Zeebe namespace that the editor has never heard of."""


class Studio:
    """Drafts of one installation, and the pages on which people edit them."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.drafts: dict[str, int] = {}
        self.unspoken: list[str] = []

    def begin(self, key: str) -> None:
        """Begin a draft with the published version."""
        with database.transaction(self.site.installation.factory) as session:
            editor = person_named(session, EDITOR)
            draft = drafts.open_draft(session, key, editor=editor, now=clock.now())
            self.drafts[key] = draft.id

    def bring(self, key: str, content: bytes) -> None:
        """Begin a draft with a file from outside."""
        with database.transaction(self.site.installation.factory) as session:
            editor = person_named(session, EDITOR)
            files = {f"{key}.bpmn": content}
            self.drafts[key] = drafts.import_files(session, files, editor=editor, now=clock.now()).id

    def stored(self, key: str) -> bytes:
        """Return the diagram as the server has it."""
        with database.transaction(self.site.installation.factory) as session:
            return drafts.files_of(drafts.get_draft(session, self.drafts[key]))[f"{key}.bpmn"]

    def page(self, key: str, *, by: str = EDITOR, size: tuple[int, int] = WIDE, language: str = "vi") -> Page:
        """Sign in and open the diagram of a draft."""
        page = self.site.sign_in(by, size=size, language=language)
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._listen)
        self.open(page, key)
        return page

    def open(self, page: Page, key: str) -> None:
        """Open the diagram of a draft in a page that is signed in."""
        page.goto(f"{self.site.address}/studio/drafts/{self.drafts[key]}?file={key}.bpmn")
        page.wait_for_selector("#studio-diagram[data-state=ready]")

    def _listen(self, message: ConsoleMessage) -> None:
        if message.text.startswith("no word: "):
            self.unspoken.append(message.text.removeprefix("no word: "))


@pytest.fixture
def studio(site: Site) -> Studio:
    return Studio(site)


def _select(page: Page, element_id: str) -> None:
    """Select an element by searching for its id."""
    page.click("[data-tool=find]")
    page.locator(".djs-search-input input").press_sequentially(element_id)
    page.keyboard.press("Enter")
    expect(page.locator(f".djs-element.selected[data-element-id='{element_id}']")).to_have_count(1)


def _field(name: str, control: str = "input") -> str:
    """Return where a field of the properties panel is."""
    return f"#studio-props [data-entry-id='{name}'] {control}"


def _is_saved(page: Page) -> None:
    expect(page.locator("#studio-status[data-state=is-saved]")).to_be_visible()


def _problem(code: str) -> str:
    return f"#studio-problems tr[data-code={code}]"


def _extensions(content: bytes) -> Mapping[str, list[object]]:
    """Return what stands in extension elements, by the id of what they belong to."""
    found: dict[str, list[object]] = {}
    for node in parse(content).iter(f"{{{BPMN}}}extensionElements"):
        owner = node.getparent()
        assert owner is not None
        found[f"{local_name(owner)} {owner.get('id')}"] = [_written(child) for child in node]
    return found


def _written(node: Node) -> object:
    return (
        node.tag,
        sorted(node.attrib.items()),
        (node.text or "").strip(),
        [_written(child) for child in node],
    )


def _attributes(content: bytes) -> Mapping[str, object]:
    return {
        str(node.get("id")): sorted(node.attrib.items()) for node in parse(content).iter() if node.get("id")
    }


def _due_date(content: bytes, task_id: str) -> str | None:
    (task,) = parse(content).iterfind(f".//*[@id='{task_id}']")
    schedule = task.find(f".//{{{ZEEBE}}}taskSchedule")
    return None if schedule is None else schedule.get("dueDate")


def _properties(content: bytes) -> Mapping[str, list[tuple[str, str]]]:
    """Return the names and values of the properties of whatever has some, by its id."""
    found: dict[str, list[tuple[str, str]]] = {}
    for node in parse(content).iter(f"{{{ZEEBE}}}property"):
        owner = next(one for one in node.iterancestors() if one.get("id"))
        pair = (str(node.get("name")), str(node.get("value")))
        found.setdefault(str(owner.get("id")), []).append(pair)
    return found


def test_a_name_and_a_deadline_are_changed_and_saved_by_themselves(studio: Studio) -> None:
    studio.begin("nomination")
    page = studio.page("nomination")
    _select(page, "appraise_dossier")

    page.fill(_field("name", "textarea"), "Thẩm định hồ sơ")
    page.fill(_field("due_count"), "7")

    expect(page.locator("[data-element-id=appraise_dossier] text")).to_contain_text("Thẩm định hồ sơ")
    _is_saved(page)
    stored = studio.stored("nomination")
    assert 'name="Thẩm định hồ sơ"'.encode() in stored
    assert _due_date(stored, "appraise_dossier") == "=add working days(today(), 7)"
    assert studio.site.complaints == []


def test_the_reminders_of_a_task_and_of_the_process_are_set(studio: Studio) -> None:
    studio.begin("nomination")
    page = studio.page("nomination")
    page.select_option(_field("reminders", "select"), "own")
    page.fill(_field("reminders_before"), "5, 1")
    page.fill(_field("reminders_overseer"), "3")
    page.fill(_field("reminders_after"), "30")
    expect(page.locator("#studio-props .bio-properties-panel-error")).to_be_visible()
    page.fill(_field("reminders_after"), "4")
    page.keyboard.press("Tab")
    _select(page, "appraise_dossier")
    page.select_option(_field("reminders", "select"), "none")
    _is_saved(page)

    ladders = {
        key: [value for name, value in pairs if name == "reminders"]
        for key, pairs in _properties(studio.stored("nomination")).items()
    }
    assert ladders["nomination"] == ["before:5,before:1,due,after:4,head:2,overseer:3"]
    assert ladders["appraise_dossier"] == ["none"]
    assert studio.unspoken == []


def test_an_error_is_marked_mended_and_undone(studio: Studio) -> None:
    studio.begin("nomination")
    page = studio.page("nomination")
    _select(page, "is_supplement_needed_to_approve_appraisal")
    page.uncheck(_field("is_default"))

    row = page.locator(_problem("condition_missing"))
    expect(row).to_have_count(1)
    mark = page.locator(
        ".viewport .djs-connection.has-error[data-element-id=is_supplement_needed_to_approve_appraisal]"
    )
    expect(mark).to_have_count(1)
    row.get_by_role("button").click()
    expect(row).to_have_count(0)
    expect(mark).to_have_count(0)
    page.click("[data-tool=undo]")
    expect(row).to_have_count(1)

    page.click("[data-tool=undo]")
    expect(row).to_have_count(0)
    _is_saved(page)
    assert _attributes(studio.stored("nomination"))["is_supplement_needed"] == sorted(
        {
            "id": "is_supplement_needed",
            "name": "Cần bổ sung?",
            "default": "is_supplement_needed_to_approve_appraisal",
        }.items()
    )


def test_nothing_of_a_file_is_lost_by_saving_it(studio: Studio) -> None:
    studio.bring("foreign", FOREIGN.read_bytes())
    for key in PROCESSES:
        studio.begin(key)
    page = studio.site.sign_in(EDITOR)
    for key in ("foreign", *PROCESSES):
        before = studio.stored(key)
        studio.open(page, key)
        changed = next(str(node.get("id")) for node in parse(before).iter(f"{{{BPMN}}}userTask"))
        _select(page, changed)

        page.fill(_field("name", "textarea"), "Tên khác")
        _is_saved(page)

        after = studio.stored(key)
        assert "Tên khác".encode() in after
        assert _extensions(after) == _extensions(before)
        lost = {
            element_id: (values, _attributes(after).get(element_id))
            for element_id, values in _attributes(before).items()
            if element_id != changed and _attributes(after).get(element_id) != values
        }
        assert lost == {}


def test_of_two_who_save_one_is_asked(studio: Studio) -> None:
    studio.begin("decision")
    with database.transaction(studio.site.installation.factory) as session:
        colleague = person_named(session, "auditor")
        people.give_role(session, colleague, EDITOR, now=clock.now())
    mine, theirs = studio.page("decision"), studio.page("decision", by="auditor")
    mine.reload()
    expect(mine.locator("#studio-others")).to_contain_text("Cán bộ giám sát hệ thống")
    _rename(theirs, "sign_decision", "Tên của đồng nghiệp")
    _is_saved(theirs)

    _rename(mine, "sign_decision", "Tên của tôi")

    notice = mine.locator("#studio-status[data-state=is-conflict]")
    expect(notice).to_contain_text("Cán bộ giám sát hệ thống")
    assert "Tên của đồng nghiệp".encode() in studio.stored("decision")
    notice.get_by_role("button", name="Giữ bản của tôi").click()
    _is_saved(mine)
    assert "Tên của tôi".encode() in studio.stored("decision")

    _rename(theirs, "sign_decision", "Lại tên khác")
    expect(theirs.locator("#studio-status[data-state=is-conflict]")).to_be_visible()
    theirs.get_by_role("button", name="Tải lại").click()
    expect(theirs.locator("[data-element-id=sign_decision] text")).to_contain_text("Tên của tôi")
    assert "Lại tên khác".encode() not in studio.stored("decision")


def _rename(page: Page, element_id: str, name: str) -> None:
    _select(page, element_id)
    page.fill(_field("name", "textarea"), name)


def test_a_step_is_drawn_from_the_keyboard_and_given_a_mail(studio: Studio) -> None:
    studio.begin("inspection")
    page = studio.page("inspection")

    page.get_by_role("button", name="Gửi thư", exact=True).focus()
    page.keyboard.press("Enter")
    page.select_option(_field("action", "select"), "send_mail")
    page.select_option(_field("mail_to", "select"), "unit_head")

    _is_saved(page)
    (mail,) = parse(studio.stored("inspection")).iter(f"{{{BPMN}}}sendTask")
    (definition,) = mail.iter(f"{{{ZEEBE}}}taskDefinition")
    (receivers,) = mail.iter(f"{{{ZEEBE}}}header")
    assert definition.get("type") == "send_mail"
    assert (receivers.get("key"), receivers.get("value")) == ("to", '="unit_head@" + unit_code')
    expect(page.locator(_problem("no_incoming"))).to_have_count(1)


def test_a_diagram_of_another_tool_is_imported_and_one_that_is_none_refused(studio: Studio) -> None:
    studio.begin("inspection")
    page = studio.page("inspection")
    before = studio.stored("inspection")
    chooser = page.locator("[data-tool=chooser]")
    letter: FilePayload = {"name": "letter.bpmn", "mimeType": "text/plain", "buffer": "Kính gửi".encode()}
    page.on("dialog", lambda dialog: dialog.accept())

    with page.expect_event("dialog") as refusal:
        chooser.set_input_files(files=[letter])
    assert "letter.bpmn" in refusal.value.message
    expect(page.locator(".viewport [data-element-id=submit_self_report]").first).to_be_visible()
    assert studio.stored("inspection") == before

    chooser.set_input_files(FOREIGN)
    expect(page.locator(".viewport [data-element-id=look_at_it]").first).to_be_visible()
    _is_saved(page)
    assert _extensions(studio.stored("inspection")) == _extensions(FOREIGN.read_bytes())


def test_a_step_is_copied_into_another_process(studio: Studio) -> None:
    studio.begin("decision")
    studio.begin("inspection")
    page = studio.page("decision")
    before = studio.stored("inspection").count(b"<bpmn:userTask ")
    _select(page, "sign_decision")
    page.keyboard.press("Control+c")
    other = page.context.new_page()
    studio.open(other, "inspection")
    canvas = other.locator("#studio-diagram .djs-container > svg")
    canvas.click(position={"x": 300, "y": 40})

    other.keyboard.press("Control+v")
    canvas.hover(position={"x": 320, "y": 300})
    canvas.click(position={"x": 330, "y": 310})

    _is_saved(other)
    stored = studio.stored("inspection")
    assert stored.count(b"<bpmn:userTask ") == before + 1
    assert b'candidateGroups="chairman"' in stored


def test_every_word_is_spoken_and_the_english_reader_reads_english(studio: Studio) -> None:
    studio.begin("nomination")
    studio.begin("council_session")
    page = studio.page("nomination")
    for element_id in ("prepare_dossier", "tell_result", "await_decision", "where_next", "withdrawal"):
        _look_at(page, element_id)
    _look_at(page, "is_anything_open_to_await_decision")
    page.click("[data-tool=simulate]")
    page.click("[data-tool=simulate]")
    page.click("[data-tool=help]")
    page.locator(".studio-keys").get_by_role("button").click()
    studio.open(page, "council_session")

    assert studio.unspoken == []

    english = studio.page("council_session", language="en")
    expect(english.get_by_role("button", name="A person works")).to_be_visible()
    expect(english.locator("#studio-problems h2")).to_have_text("Problems to mend")
    assert studio.unspoken == []
    assert studio.site.complaints == []


def _look_at(page: Page, element_id: str) -> None:
    """Select an element, open all that can be opened about it, and what it may be changed into."""
    _select(page, element_id)
    closed = page.locator("#studio-props .bio-properties-panel-group-header:not(.open)")
    closed.evaluate_all("headers => headers.forEach((header) => header.click())")
    page.locator(".djs-context-pad [data-action=replace]").click()
    expect(page.locator(".djs-popup")).to_be_visible()
    page.keyboard.press("Escape")


def test_a_narrow_screen_shows_the_diagram_and_its_problems(studio: Studio) -> None:
    studio.begin("decision")
    page = studio.page("decision", size=NARROW)

    expect(page.locator("[data-element-id=sign_decision]")).to_be_visible()
    expect(page.locator("#studio-problems")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
