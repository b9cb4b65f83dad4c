"""Keeps dry runs in a folder, outside every database: one file a step, so that going back is exact.

``<folder>/<token>/about.json`` tells whose run it is, ``0001.run`` and so on are the run after each step, and
``files/`` holds what was handed in. A run is thrown away after a day.
"""

import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import zstandard

from engine.dry_runs.play import DryRun
from engine.errors import ConflictError, NotFoundError
from engine.setup import Setup

KEPT_FOR: Final = timedelta(days=1)
KEPT_PER_PERSON: Final = 5
MAX_RUN_BYTES: Final = 64 * 1024 * 1024
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")
_STEP: Final = re.compile(r"(\d{4})\.run")
_CLAIM_HOLDS: Final = timedelta(minutes=5)
"""A step that has taken longer was killed."""


@dataclass(frozen=True)
class About:
    """Whose run it is, and of what."""

    token: str
    owner_id: int
    created_at: datetime
    name: str
    name_en: str
    version_id: int | None = None
    draft_id: int | None = None


@dataclass(frozen=True)
class Shelf:
    """The folder of all dry runs of an installation."""

    folder: Path

    def add(self, about: About, begin: Callable[[Path], DryRun], *, now: datetime) -> About:
        """Keep a new run under a token that nobody can guess, and throw old ones away; return with the token.

        ``begin`` is given the folder of the run's files. What it raises is raised, and nothing is kept.
        """
        self.sweep(now)
        self._make_room(about.owner_id)
        about = replace(about, token=secrets.token_urlsafe(16))
        place = self.folder / about.token
        place.mkdir(parents=True)
        try:
            run = begin(place / "files")
            _write(place / "0001.run", run)
            run.close()
            facts = {**asdict(about), "created_at": about.created_at.isoformat()}
            (place / "about.json").write_text(json.dumps(facts), encoding="utf-8")
        except BaseException:
            shutil.rmtree(place)
            raise
        return about

    def find(self, token: str, *, owner_id: int, now: datetime) -> About:
        """Return what is known of a run.

        Raises:
            NotFoundError: there is none, it is somebody else's, or its day is over.

        """
        about = self._read(token) if _TOKEN.fullmatch(token) else None
        if about is None or about.owner_id != owner_id or now - about.created_at > KEPT_FOR:
            raise NotFoundError(f"no dry run {token:.30} of person {owner_id}")
        return about

    def step_number(self, token: str) -> int:
        """Return how many steps a run has, the beginning among them."""
        return self._numbers(token)[-1]

    @contextmanager
    def opened(self, token: str, setup: Setup) -> Generator[DryRun]:
        """Open a run as its last step left it; what is done to it is not kept."""
        with self._opened(self._step(token, self.step_number(token)), token, setup) as run:
            yield run

    @contextmanager
    def played(self, token: str, setup: Setup, *, after: int, now: datetime) -> Generator[DryRun]:
        """Open a run for its next step and keep it at the end of the block, unless that raises.

        Raises:
            ConflictError: step ``after`` is not the last one any more, or another one is being played.

        """
        before = self._step(token, after)
        with self._claimed(token, after, now), self._opened(before, token, setup) as run:
            yield run
            _write(self._step(token, after + 1), run)

    def go_back(self, token: str, *, after: int, to: int, now: datetime) -> None:
        """Forget the steps behind step ``to``.

        Raises:
            ConflictError: step ``after`` is not the last one any more, or another one is being played.

        """
        with self._claimed(token, after, now):
            for number in reversed(self._numbers(token)):
                if number > max(to, 1):
                    self._step(token, number).unlink()

    def sweep(self, now: datetime) -> int:
        """Throw away the runs whose day is over, and what was left of beginnings; return how many."""
        places = list(self.folder.iterdir()) if self.folder.is_dir() else []
        old = [place for place in places if now - self._begun_at(place) > KEPT_FOR]
        for place in old:
            shutil.rmtree(place, ignore_errors=True)
        return len(old)

    def _begun_at(self, place: Path) -> datetime:
        about = self._read(place.name)
        return about.created_at if about is not None else datetime.fromtimestamp(place.stat().st_mtime, UTC)

    def _make_room(self, owner_id: int) -> None:
        own = sorted((a for a in self._all() if a.owner_id == owner_id), key=lambda about: about.created_at)
        for about in own[: max(0, len(own) - KEPT_PER_PERSON + 1)]:
            shutil.rmtree(self.folder / about.token, ignore_errors=True)

    def _all(self) -> Iterator[About]:
        for place in self.folder.iterdir() if self.folder.is_dir() else ():
            about = self._read(place.name)
            if about is not None:
                yield about

    def _read(self, token: str) -> About | None:
        with suppress(OSError):
            facts: dict[str, Any] = json.loads((self.folder / token / "about.json").read_text("utf-8"))
            facts["created_at"] = datetime.fromisoformat(facts["created_at"])
            return About(**facts)
        return None

    def _numbers(self, token: str) -> list[int]:
        found = (_STEP.fullmatch(path.name) for path in (self.folder / token).iterdir())
        return sorted(int(match[1]) for match in found if match is not None)

    def _step(self, token: str, number: int) -> Path:
        return self.folder / token / f"{number:04}.run"

    @contextmanager
    def _opened(self, path: Path, token: str, setup: Setup) -> Generator[DryRun]:
        run = _read(path, replace(setup, files=self.folder / token / "files"))
        try:
            yield run
        finally:
            run.close()

    @contextmanager
    def _claimed(self, token: str, after: int, now: datetime) -> Generator[None]:
        """Keep others off while a step is played."""
        claim = self.folder / token / "claim"
        _drop_if_old(claim, now)
        try:
            os.close(os.open(claim, os.O_CREAT | os.O_EXCL))
        except FileExistsError as error:
            raise ConflictError(f"a step of dry run {token} is being played") from error
        try:
            if self.step_number(token) != after:
                raise ConflictError(f"step {after} of dry run {token} is not the last one")
            yield
        finally:
            claim.unlink(missing_ok=True)


def _drop_if_old(claim: Path, now: datetime) -> None:
    with suppress(FileNotFoundError):
        if now.timestamp() - claim.stat().st_mtime > _CLAIM_HOLDS.total_seconds():
            claim.unlink(missing_ok=True)


def _write(path: Path, run: DryRun) -> None:
    """Write a run whole or not at all."""
    partial = path.with_suffix(".part")
    partial.write_bytes(zstandard.ZstdCompressor(level=3).compress(run.content()))
    partial.replace(path)


def _read(path: Path, setup: Setup) -> DryRun:
    packed = path.read_bytes()
    content = zstandard.ZstdDecompressor().decompress(packed, max_output_size=MAX_RUN_BYTES)
    return DryRun.resume(content, setup)
