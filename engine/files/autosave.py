"""Work that a crash or a kill cannot take away: a running program keeps a copy of it in a folder.

A copy is a session, written now and then, and beside it a journal of what has become of it since.

A program that runs holds a lock on its `Slot`, which the system lets go however the program ends. A slot
that has a session but no lock is work that was left behind; the next start offers it and takes it over.
So several programs side by side never touch each other's work, and no clock has to be trusted.
"""

from __future__ import annotations

import glob
import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from engine.errors import SessionError
from engine.files.atomic import Where, remove_leftovers
from engine.files.journal import JOURNAL_SUFFIX, Journal, Notes, read_journal
from engine.files.session import SUFFIX, Session, Summary, read_session, read_summary, write_session
from engine.training.history import Outline
from engine.training.trainer import Trainer

KEYFRAME_BYTES = 16 * 2**20
"""Bound of the keyframes in an autosave, for `capture`: it should be quick, not go back fast."""

JOURNAL = "journal"
"""The key in a session's view of the name of the journal that goes on from it."""

LOCK_SUFFIX = ".lock"
FORGET_LOCKS_SECONDS = 86_400.0
"""A lock without a session is removed when it is older: it may be of a program that just starts."""


def autosave_folder() -> Path:
    """Where autosaves lie: in the folder for programs' data of whoever runs this."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return base / "backprop-lab" / "autosave"


class Slot:
    """A place for one program's work, locked while it runs.

    Attributes
    ----------
    path : Path
        The session; there is none before the first `save`.
    """

    def __init__(self, path: Path, lock: BinaryIO) -> None:
        self.path = path
        self._lock = lock
        self._journals: list[Journal] = []

    @property
    def is_full(self) -> bool:
        """Whether it is time to save again, for the journal has become long or cannot go on."""
        return bool(self._journals) and self._journals[-1].is_full

    def begin_journal(self, session: Session, *, goes_on: bool = True) -> Session:
        """Begin a journal of what becomes of a session that is to be saved; return what to save.

        Until that is saved, `note` goes on with the journal of the one before too, unless the session
        no longer `goes_on` from that. So at any moment the session that is there has its journal.

        Raises
        ------
        SessionError
            ``cannot_write``.
        """
        token = secrets.token_hex(4)
        if not goes_on:
            self._close_journals()
        try:
            self._journals.append(Journal(_journal_of(self.path, token), session.training.outline))
        except OSError as error:
            raise self._cannot_write(error) from None
        return replace(session, view={**session.view, JOURNAL: token})

    def save(self, session: Session, cancelled: Callable[[], bool] | None = None) -> None:
        """Write the work of now over that of before, whole or not at all; in any thread.

        Raises
        ------
        SessionError
            ``cannot_write``; what was saved before is still there.
        """
        write_session(session, self.path, cancelled=cancelled)

    def saved(self, session: Session) -> None:
        """Let go the journals that go on from earlier sessions."""
        own = _journal_of(self.path, str(session.view[JOURNAL]))
        for journal in [journal for journal in self._journals if journal.path != own]:
            self._journals.remove(journal)
            journal.close()
        for path in _journals_of(self.path):
            if path != own:
                _unlink(path)

    def note(self, outline: Outline) -> None:
        """Note what has become of the training since; in the thread that calls `begin_journal` and `saved`.

        Raises
        ------
        SessionError
            ``cannot_write``; what was noted before is still there.
        """
        try:
            for journal in self._journals:
                journal.note(outline)
        except OSError as error:
            raise self._cannot_write(error) from None

    def _cannot_write(self, error: OSError) -> SessionError:
        return SessionError.unwritable(str(self.path.parent), error)

    def forget(self) -> None:
        """Remove the journals: what they go on from is not wanted any more."""
        self._close_journals()
        for path in _journals_of(self.path):
            _unlink(path)

    def _close_journals(self) -> None:
        for journal in self._journals:
            journal.close()
        self._journals = []

    def discard(self) -> None:
        """Remove the work, which is kept elsewhere or not wanted, and go on using the slot."""
        _unlink(self.path)
        remove_leftovers(self.path)

    def close(self) -> None:
        """Remove the work and the lock: the program ends well."""
        self.discard()
        self.forget()
        with suppress(OSError):  # Windows removes no open file
            _lock_of(self.path).unlink(missing_ok=True)
        self._lock.close()
        with suppress(OSError):
            _lock_of(self.path).unlink(missing_ok=True)


@dataclass(frozen=True)
class Orphan:
    """Work that a program left behind.

    Attributes
    ----------
    path : Path
        The session; `engine.files.session.read_summary` says what is in it.
    saved_at : float
        When, in seconds since 1970.
    """

    path: Path
    saved_at: float

    def summary(self) -> Summary:
        """What it is about; `steps` is the moment that `read` comes to.

        Raises
        ------
        SessionError
            As `read_summary` does.
        """
        summary = read_summary(self.path)
        step = _notes_of(self.path, summary.view).step
        return summary if step is None else summary._replace(steps=step)

    def read(
        self,
        *,
        data_file: Where | None = None,
        progress: Callable[[float], object] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> tuple[Session, Trainer, SessionError | None]:
        """Read the session that was kept, and make again what the journal says became of it.

        The last is why that could not be: then the training is as the session has it.

        Raises
        ------
        SessionError
            As `read_session` and `Session.restore` do.
        """
        session = read_session(self.path, data_file=data_file, progress=progress, cancelled=cancelled)
        trainer = session.restore()
        try:
            _notes_of(self.path, session.view).bring(trainer, progress, cancelled)
        except SessionError as error:
            if error.kind == "cancelled":
                raise
            return session, session.restore(), error
        return session, trainer, None

    def claim(self) -> Slot | None:
        """Take the work over, or None if another program was faster or it is gone."""
        lock = _locked(_lock_of(self.path))
        if lock is None:
            return None
        if not self.path.exists():
            lock.close()
            return None
        remove_leftovers(self.path)
        return Slot(self.path, lock)


def begin(folder: Where | None = None) -> Slot:
    """Take a new slot, once at the start of a program.

    Raises
    ------
    SessionError
        ``cannot_write``: there is no place for autosaves, or it lies on a disk without locks.
    """
    place = autosave_folder() if folder is None else Path(folder)
    path = place / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}{SUFFIX}"
    try:
        place.mkdir(parents=True, exist_ok=True)
        lock = _lock_of(path).open("x+b")
        _lock(lock)
    except OSError as error:
        raise SessionError.unwritable(str(place), error) from None
    return Slot(path, lock)


def orphans(folder: Where | None = None) -> list[Orphan]:
    """All work that was left behind, the newest first."""
    place = autosave_folder() if folder is None else Path(folder)
    found = []
    for path in place.glob(f"*{SUFFIX}"):
        lock = _locked(_lock_of(path))
        if lock is not None:
            lock.close()
            with suppress(OSError):
                found.append(Orphan(path, path.stat().st_mtime))
    _forget_old_locks(place)
    return sorted(found, key=lambda orphan: -orphan.saved_at)


def _journal_of(path: Path, token: str) -> Path:
    return path.with_suffix(f".{token}{JOURNAL_SUFFIX}")


def _journals_of(path: Path) -> list[Path]:
    return [*path.parent.glob(f"{glob.escape(path.stem)}.*{JOURNAL_SUFFIX}")]


def _notes_of(path: Path, view: Mapping[str, Any]) -> Notes:
    """What the journal that goes on from a session says."""
    token = view.get(JOURNAL)
    known = isinstance(token, str) and re.fullmatch("[0-9a-f]{8}", token)
    return read_journal(_journal_of(path, str(token))) if known else Notes((), path)


def _unlink(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)


def _lock_of(path: Path) -> Path:
    return path.with_suffix(LOCK_SUFFIX)


def _forget_old_locks(folder: Path) -> None:
    for path in folder.glob(f"*{LOCK_SUFFIX}"):
        with suppress(OSError):
            old = time.time() - path.stat().st_mtime > FORGET_LOCKS_SECONDS
            if old and not path.with_suffix(SUFFIX).exists():
                lock = _locked(path)
                if lock is not None:
                    lock.close()
                    path.unlink(missing_ok=True)
                    for journal in _journals_of(path.with_suffix(SUFFIX)):
                        journal.unlink(missing_ok=True)


def _locked(path: Path) -> BinaryIO | None:
    """Open a lock file and lock it; None if a program that runs holds it.

    A session whose lock file is gone gets a new one.
    """
    with suppress(OSError):
        file = path.open("a+b")
        with suppress(OSError):  # held, or removed in between
            _lock(file)
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        file.close()
    return None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
