"""The files that were opened last, each with how it was read, so that it is read so again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine.data.options import ReadOptions
from engine.errors import DatasetError
from gui.kept import RECENT_FILES, Kept

MOST_FILES = 10
HEAD_BYTES = 4096


@dataclass(frozen=True)
class RecentFile:
    """One file, and what was chosen for it.

    Attributes
    ----------
    path : Path
    options : ReadOptions
        What was chosen in reading it; the rest was sniffed.
    preparation : mapping
        The experiment's settings that were chosen with it: ``missing``, ``scaling``, ….
    """

    path: Path
    options: ReadOptions
    preparation: Mapping[str, Any] = field(default_factory=dict)


class RecentFiles:
    """The last ten files.

    Parameters
    ----------
    kept : Kept, optional
    """

    def __init__(self, kept: Kept | None = None) -> None:
        self._kept = kept or Kept()

    def files(self) -> list[RecentFile]:
        """All of them, the newest first; a file that is gone or has another head loses its options."""
        return [found for entry in self._entries() if (found := _recent(entry)) is not None]

    def find(self, path: Path) -> RecentFile | None:
        """What is remembered of `path`; nothing if the head of the file is another now."""
        wanted = str(path.absolute())
        return next((_recent(entry) for entry in self._entries() if entry.get("path") == wanted), None)

    def add(self, path: Path, options: ReadOptions, preparation: Mapping[str, Any]) -> None:
        """Remember a file as the newest one."""
        wanted = str(path.absolute())
        entry = {
            "path": wanted,
            "head": head_hash(path),
            "options": _plain(options),
            "preparation": dict(preparation),
        }
        others = [other for other in self._entries() if other.get("path") != wanted]
        self._kept.keep(RECENT_FILES, [entry, *others][:MOST_FILES])

    def clear(self) -> None:
        """Forget all files."""
        self._kept.drop(RECENT_FILES)

    def _entries(self) -> list[dict[str, Any]]:
        return [entry for entry in self._kept.get(RECENT_FILES) if isinstance(entry, dict)]


def head_hash(path: Path) -> str:
    """Tell files apart by their first bytes, which hold the header; empty if it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.sha256(file.read(HEAD_BYTES)).hexdigest()
    except OSError:
        return ""


def _recent(entry: Mapping[str, Any]) -> RecentFile | None:
    """Read an entry; what is not as it was written is passed over."""
    path = Path(str(entry.get("path", "")))
    head = head_hash(path)
    if not head or head != entry.get("head"):
        return None if not head else RecentFile(path, ReadOptions())
    try:
        options = dict(entry["options"])
        target = options.get("target")
        options["target"] = tuple(target) if isinstance(target, list) else target
        for name in ("roles", "types"):
            options[name] = {key: value for key, value in options.get(name, [])}
        return RecentFile(path, ReadOptions(**options), dict(entry["preparation"]))
    except (KeyError, TypeError, ValueError, DatasetError):
        return RecentFile(path, ReadOptions())


def _plain(options: ReadOptions) -> dict[str, Any]:
    """The options as JSON holds them: columns are named or counted, so a mapping becomes pairs."""
    plain = asdict(options)
    for name in ("roles", "types"):
        plain[name] = [[key, value] for key, value in plain[name].items()]
    return plain
