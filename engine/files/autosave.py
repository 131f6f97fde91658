"""Work that a crash or a kill cannot take away: a running program keeps a copy of it in a folder.

A program that runs holds a lock on its `Slot`, which the system lets go however the program ends. A slot
that has a session but no lock is work that was left behind; the next start offers it and takes it over.
So several programs side by side never touch each other's work, and no clock has to be trusted.
"""

from __future__ import annotations

import os
import secrets
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import SessionError
from engine.files.atomic import Where, remove_leftovers
from engine.files.session import SUFFIX, Session, write_session

KEYFRAME_BYTES = 16 * 2**20
"""Bound of the keyframes in an autosave, for `capture`: it should be quick, not go back fast."""

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

    def save(self, session: Session) -> None:
        """Write the work of now over that of before, whole or not at all; in any thread.

        Raises
        ------
        SessionError
            ``cannot_write``; what was saved before is still there.
        """
        write_session(session, self.path)

    def discard(self) -> None:
        """Remove the work, which is kept elsewhere or not wanted, and go on using the slot."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        remove_leftovers(self.path)

    def close(self) -> None:
        """Remove the work and the lock: the program ends well."""
        self.discard()
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
        raise SessionError("cannot_write", name=str(place), reason=error.strerror or str(error)) from None
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
