"""Writing a file so that on the disk there is always a whole old one or a whole new one."""

from __future__ import annotations

import errno
import glob
import os
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from engine.errors import QT_TRANSLATE_NOOP, SessionError

Where = str | os.PathLike[str]


@contextmanager
def replacing(path: Where) -> Iterator[BinaryIO]:
    """Give a file to write to that takes the place of `path` when the block ends well.

    It is written beside `path`, forced to the disk and renamed; if anything goes wrong it is removed
    and what was at `path` stays. A killed process leaves at most a hidden ``.NAME.*.part`` behind.

    Raises
    ------
    SessionError
        ``cannot_write``: a full disk, a read-only or missing folder, a folder, a device or a pipe in
        its place.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        _check_place(path)
        with beside.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, beside)
        os.replace(beside, target)
        _sync_folder(target.parent)
        remove_leftovers(target, older_than=3600.0)
    except OSError as error:
        raise SessionError.unwritable(target.name, error) from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _check_place(path: Where) -> None:
    """Refuse what may not be replaced: a rename would put a file where a device or a pipe was."""
    try:
        mode = os.stat(path).st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, QT_TRANSLATE_NOOP("errors", "it is a folder"))
    if not stat.S_ISREG(mode):
        reason = QT_TRANSLATE_NOOP("errors", "it is a device or a pipe, not a file")
        raise FileExistsError(errno.EEXIST, reason)
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, QT_TRANSLATE_NOOP("errors", "it is read-only"))


def write_text(path: Where, text: str) -> None:
    """Write `text` in UTF-8, whole or not at all."""
    with replacing(path) as file:
        file.write(text.encode())


def remove_leftovers(path: Where, older_than: float = 0.0) -> None:
    """Remove what killed processes left beside `path` so many seconds ago, or more.

    Whoever shares the place with others leaves them time to finish what they are writing.
    """
    target = Path(path)
    for left in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime >= older_than:
                left.unlink()


def _sync_folder(folder: Path) -> None:
    """Force the rename itself to the disk, where folders can be opened (not on Windows)."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
