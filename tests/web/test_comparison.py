"""Two versions of a process, told apart in words and on the drawing."""

import re
from pathlib import Path

import pytest
from city import START, City, person_named
from flask.testing import FlaskClient

from engine import definitions
from engine.models import DefinitionVersion

EDITOR = "process_administrator"
NOMINATION = Path(__file__).parents[2] / "processes/nomination"


@pytest.fixture
def versions(full_city: City) -> tuple[int, int]:
    """Publish the nomination, and draft a second version of it with two changes."""
    full_city.app.config["WTF_CSRF_ENABLED"] = False
    with full_city.installation.factory() as session, session.begin():
        author, publisher = person_named(session, EDITOR), person_named(session, "auditor")
        first = definitions.publish_folder(session, NOMINATION, author=author, publisher=publisher, now=START)
        files = dict(definitions.files_of(first))
        source = files["nomination.bpmn"].decode()
        changed = source.replace("add working days(today(), appraisal_days)", "add working days(today(), 7)")
        changed = changed.replace('candidateGroups="agency_head"', 'candidateGroups="clerk"')
        assert changed.count("clerk") > source.count("clerk")
        files["nomination.bpmn"] = changed.encode()
        second = definitions.create_draft(session, "nomination", files, author=author, now=START)
        return first.id, second.id


@pytest.fixture
def administrator(full_city: City) -> FlaskClient:
    return full_city.client(EDITOR)


def words(page: str) -> str:
    """Return the text of a page without tags, in one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_the_differences_are_told_in_words(versions: tuple[int, int], administrator: FlaskClient) -> None:
    page = words(administrator.get(f"/definitions/{versions[1]}/compare").text)
    assert "2 thay đổi" in page
    assert "Hạn số ngày làm việc theo appraisal_days 7 ngày làm việc" in page
    assert "Nhóm được giao Trưởng ban Thi đua - Khen thưởng Văn thư" in page


def test_they_are_told_in_english_too(versions: tuple[int, int], administrator: FlaskClient) -> None:
    page = words(administrator.get(f"/definitions/{versions[1]}/compare?lang=en").text)
    assert "7 working days" in page
    assert "Head of the standing agency Clerk" in page


def test_the_drawings_know_what_to_colour(versions: tuple[int, int], administrator: FlaskClient) -> None:
    page = administrator.get(f"/definitions/{versions[1]}/compare?with={versions[0]}").text
    assert page.count("appraise_dossier&#34;: &#34;changed") == 2


def test_equal_versions_say_so(versions: tuple[int, int], administrator: FlaskClient) -> None:
    page = administrator.get(f"/definitions/{versions[0]}/compare?with={versions[0]}").text
    assert "Hai bản giống hệt nhau" in page


def test_versions_of_other_processes_are_not_compared(
    versions: tuple[int, int], administrator: FlaskClient, full_city: City
) -> None:
    with full_city.installation.factory() as session:
        other = session.query(DefinitionVersion).filter(DefinitionVersion.key != "nomination").first()
        assert other is not None
        address = f"/definitions/{versions[0]}/compare?with={other.id}"
    assert administrator.get(address).status_code == 404


@pytest.mark.usefixtures("versions")
def test_a_draft_is_compared_with_what_it_began_from(administrator: FlaskClient) -> None:
    begun = administrator.post("/definitions/nomination/draft").location
    assert "Hai bản giống hệt nhau" in administrator.get(f"{begun}/compare").text
