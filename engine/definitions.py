"""Immutable, numbered versions of a process: drafted, published by a second person, retired."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Final

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import joinedload

from engine import bundles, history, people, setup
from engine.clock import CITY_ZONE
from engine.digest_cache import DigestCache
from engine.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from engine.ingest import Problem, Severity, Surroundings, check_files, lost_safeguards, read_diagram
from engine.models import DefinitionContributor, DefinitionVersion, VersionState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sqlalchemy.orm import Session

    from engine.diagram import Diagram
    from engine.dmn import Model
    from engine.forms import Form
    from engine.models import Person
    from engine.spiff import Program
    from engine.texts import Text

CACHED_VERSIONS: Final = 64
_DIGESTS_KEY: Final = "engine.definitions.digests"
_DIGEST: Final = select(DefinitionVersion.sha256, DefinitionVersion.state).where(
    DefinitionVersion.id == bindparam("version_id", type_=Integer)
)


class NotPublishableError(InvalidInputError):
    """The version has problems that stand in the way; ``problems`` lists them."""

    def __init__(self, message: str, problems: list[Problem]) -> None:
        super().__init__(message)
        self.problems = problems


def create_draft(  # noqa: PLR0913  # what a version is made of, by keyword
    session: Session,
    key: str,
    files: Mapping[str, bytes],
    *,
    author: Person | None,
    now: datetime,
    comment: str = "",
) -> DefinitionVersion:
    """Add a new version of ``key`` with ``files``, which may still have problems. Flushes.

    Raises:
        InvalidInputError: no diagram among the files has the process ``key``, or a file cannot be read.

    """
    process = _main_diagram(key, files)[1].processes[key]
    highest = session.scalar(select(func.max(DefinitionVersion.number)).where(DefinitionVersion.key == key))
    version = DefinitionVersion(
        key=key,
        number=(highest or 0) + 1,
        name=process.name or key,
        name_en=process.name_en,
        state=VersionState.DRAFT,
        sha256=bundles.digest(files),
        content=bundles.pack(files),
        comment=comment,
        created_at=now,
        created_by_id=author.id if author else None,
    )
    session.add(version)
    session.flush()
    _remember(session, version, "definition_drafted", actor=author, now=now)
    return version


def publish(
    session: Session,
    version: DefinitionVersion,
    *,
    publisher: Person,
    now: datetime,
    drop_safeguards: bool = False,
) -> None:
    """Make ``version`` the one that new instances use; those before it retire, waiting or not. Flushes.

    ``drop_safeguards`` lets it leave out mandatory steps of the version in use, as when the law changes: for
    those who run the machine, never for a page.

    Raises:
        NotAllowedError: the publisher submitted it or had a hand in it.
        ConflictError: it is no draft.
        NotPublishableError: it cannot run, or names what is not here.

    """
    if has_hand_in(session, version, publisher):
        raise NotAllowedError(f"person {publisher.id} wrote version {version.id} and may not publish it")
    if version.state is not VersionState.DRAFT:
        raise ConflictError(f"version {version.id} is {version.state.value}")
    lost = lost_since_published(session, version.key, files_of(version))
    waived = lost if drop_safeguards else []
    standing = [
        problem
        for problem in problems_of(session, version)
        if problem.severity is not Severity.NOTE and problem not in waived
    ]
    if standing:
        listed = "; ".join(f"{p.file} {p.element_id or ''}: {p.message_en}" for p in standing[:10])
        raise NotPublishableError(f"version {version.id} has {len(standing)} problems: {listed}", standing)
    for earlier in find_versions(session, version.key):
        if earlier.state is VersionState.PUBLISHED or earlier.number < version.number:
            earlier.state = VersionState.RETIRED
    version.state = VersionState.PUBLISHED
    version.published_at = now
    version.published_by_id = publisher.id
    session.flush()
    _remember(session, version, "definition_published", actor=publisher, now=now)
    if waived:
        _remember(session, version, "safeguards_dropped", actor=publisher, now=now)


def publish_folder(  # noqa: PLR0913  # what is published, by whom
    session: Session,
    folder: Path,
    *,
    author: Person,
    publisher: Person,
    now: datetime,
    drop_safeguards: bool = False,
) -> DefinitionVersion:
    """Publish the definition in ``folder``, whose name is its key, unless it is published already. Flushes.

    Raises:
        NotAllowedError, NotPublishableError, InvalidInputError: as ``publish`` and ``create_draft``.

    """
    files = bundles.folder_files(folder)
    key = folder.resolve().name
    current = _find_published(session, key)
    if current is not None and current.sha256 == bundles.digest(files):
        return current
    version = create_draft(session, key, files, author=author, now=now)
    publish(session, version, publisher=publisher, now=now, drop_safeguards=drop_safeguards)
    return version


def find_contributors(session: Session, version: DefinitionVersion) -> list[DefinitionContributor]:
    """Return who had a hand in which file while the version was a draft, by file."""
    query = select(DefinitionContributor).where(DefinitionContributor.version_id == version.id)
    ordered = query.order_by(DefinitionContributor.file, DefinitionContributor.last_at.desc())
    return list(session.scalars(ordered.options(joinedload(DefinitionContributor.person))))


def has_hand_in(session: Session, version: DefinitionVersion, person: Person) -> bool:
    """Whether ``person`` submitted the version or changed a file of it, and so may not publish it."""
    return version.created_by_id == person.id or any(
        row.person_id == person.id for row in find_contributors(session, version)
    )


def problems_of(session: Session, version: DefinitionVersion) -> list[Problem]:
    """Return every problem of the version's files, as this installation sees them.

    Who holds a role today is not among them: people come and go while a version is in use.
    """
    files = files_of(version)
    found = check_files(files, surroundings_of(session))
    lost = lost_since_published(session, version.key, files)
    return [*lost, *(problem for problems in found.values() for problem in problems)]


def lost_since_published(session: Session, key: str, files: Mapping[str, bytes]) -> list[Problem]:
    """Return what the version of ``key`` in use promises and ``files`` do not: mandatory steps left out."""
    current = _find_published(session, key)
    return [] if current is None else lost_safeguards(files_of(current), files)


def surroundings_of(session: Session, *, now: datetime | None = None) -> Surroundings:
    """Return what diagrams may name in this installation; with ``now``, also whom they reach that day."""
    wiring = setup.of(session)
    today = None if now is None else people.local_day(now)
    return Surroundings(
        roles=frozenset(wiring.roles),
        actions=frozenset(wiring.actions),
        form_sources=frozenset(wiring.form_sources),
        staffed_groups=None if today is None else people.staffed_groups(session, on=today),
        now=None if today is None else datetime.combine(today, time(), CITY_ZONE),
    )


def latest_published(session: Session, key: str) -> DefinitionVersion:
    """Return the version of ``key`` that new instances use.

    Raises:
        NotFoundError: none is published.

    """
    version = _find_published(session, key)
    if version is None:
        raise NotFoundError(f"no published version of {key}")
    return version


def get_version(session: Session, key: str, number: int | None = None) -> DefinitionVersion:
    """Return the version of ``key`` with that number; without one, the one that new instances use.

    Raises:
        NotFoundError: there is none.

    """
    if number is None:
        return latest_published(session, key)
    version = next((one for one in find_versions(session, key) if one.number == number), None)
    if version is None:
        raise NotFoundError(f"no version {number} of {key}")
    return version


def find_published(session: Session) -> list[DefinitionVersion]:
    """Return the versions in use, one of each definition, by key."""
    query = select(DefinitionVersion).where(DefinitionVersion.state == VersionState.PUBLISHED)
    return list(session.scalars(query.order_by(DefinitionVersion.key)))


def find_versions(session: Session, key: str) -> list[DefinitionVersion]:
    """Return all versions of ``key``, the newest first."""
    query = select(DefinitionVersion).where(DefinitionVersion.key == key)
    return list(session.scalars(query.order_by(DefinitionVersion.number.desc())))


def files_of(version: DefinitionVersion) -> Mapping[str, bytes]:
    """Return the files of ``version`` by name.

    Raises:
        BundleDamagedError: what is stored is not what was stored.

    """
    return _files.get(version.sha256, lambda: bundles.unpack(version.content, version.sha256))


def diagram_source(version: DefinitionVersion) -> bytes:
    """Return the XML of the main diagram, for the viewer."""
    files = files_of(version)
    return files[_main_diagram(version.key, files)[0]]


def program_of(session: Session, version_id: int) -> Program:
    """Return the version's diagrams, ready to run; shared by all threads.

    Raises:
        NotFoundError: no such version.

    """
    from engine.spiff import compile_program  # noqa: PLC0415  # costs a second; not every command runs processes

    sha256 = _sha256(session, version_id)
    return _programs.get(sha256, lambda: compile_program(sha256, _load_files(session, version_id)))


def form_of(session: Session, version_id: int, form_id: str) -> Form:
    """Return the form that the version keeps under ``form_id``.

    Raises:
        NotFoundError: no such version or form.

    """
    form = _forms.get(
        _sha256(session, version_id), lambda: _parse_forms(_load_files(session, version_id))
    ).get(form_id)
    if form is None:
        raise NotFoundError(f"version {version_id} has no form {form_id}")
    return form


def text_of(session: Session, version_id: int, text_id: str) -> Text:
    """Return the text that the version keeps under ``text_id``.

    Raises:
        NotFoundError: no such version or text.

    """
    texts = _texts.get(_sha256(session, version_id), lambda: _parse_texts(_load_files(session, version_id)))
    text = texts.get(text_id)
    if text is None:
        raise NotFoundError(f"version {version_id} has no text {text_id}")
    return text


def decision_model_of(session: Session, version_id: int, decision_id: str) -> Model:
    """Return the decision model of the version that has the decision ``decision_id``.

    Raises:
        NotFoundError: no such version or decision.

    """
    from engine.dmn import load_all  # noqa: PLC0415  # not every command makes decisions

    sha256 = _sha256(session, version_id)
    model = _models.get(sha256, lambda: load_all(_load_files(session, version_id))).get(decision_id)
    if model is None:
        raise NotFoundError(f"version {version_id} has no decision {decision_id}")
    return model


def _remember(
    session: Session, version: DefinitionVersion, kind: str, *, actor: Person | None, now: datetime
) -> None:
    details = {"key": version.key, "number": version.number, "sha256": version.sha256}
    history.append(session, instance_id=None, kind=kind, actor=actor, now=now, details=details)


def _parse_forms(files: Mapping[str, bytes]) -> dict[str, Form]:
    from engine.forms import parse_schema  # noqa: PLC0415  # not every command shows forms

    forms = [parse_schema(content) for name, content in files.items() if name.endswith(".form")]
    return {form.id: form for form in forms}


def _parse_texts(files: Mapping[str, bytes]) -> dict[str, Text]:
    from engine.texts import parse_text  # noqa: PLC0415  # not every command writes mails

    texts = [parse_text(content) for name, content in files.items() if name.endswith(".text")]
    return {text.id: text for text in texts}


def _main_diagram(key: str, files: Mapping[str, bytes]) -> tuple[str, Diagram]:
    for name, content in files.items():
        if name.endswith(".bpmn"):
            diagram = read_diagram(name, content)
            if key in diagram.processes:
                return name, diagram
    raise InvalidInputError(f"no diagram has an executable process with the id {key}")


def _find_published(session: Session, key: str) -> DefinitionVersion | None:
    query = select(DefinitionVersion).where(
        DefinitionVersion.key == key, DefinitionVersion.state == VersionState.PUBLISHED
    )
    return session.scalars(query.order_by(DefinitionVersion.number.desc()).limit(1)).first()


def _sha256(session: Session, version_id: int) -> str:
    """Return the digest of a version; once it is published that never changes, so a session asks once."""
    known: dict[int, str] = session.info.setdefault(_DIGESTS_KEY, {})
    if version_id in known:
        return known[version_id]
    row = session.execute(_DIGEST, {"version_id": version_id}).first()
    if row is None:
        raise NotFoundError(f"no version {version_id}")
    sha256, state = row
    if state is not VersionState.DRAFT:
        known[version_id] = sha256
    return sha256


def _load_files(session: Session, version_id: int) -> Mapping[str, bytes]:
    version = session.get(DefinitionVersion, version_id)
    if version is None:
        raise NotFoundError(f"no version {version_id}")
    return files_of(version)


_files: DigestCache[Mapping[str, bytes]] = DigestCache(CACHED_VERSIONS)
_programs: DigestCache[Program] = DigestCache(CACHED_VERSIONS)
_forms: DigestCache[Mapping[str, Form]] = DigestCache(CACHED_VERSIONS)
_models: DigestCache[Mapping[str, Model]] = DigestCache(CACHED_VERSIONS)
_texts: DigestCache[Mapping[str, Text]] = DigestCache(CACHED_VERSIONS)
