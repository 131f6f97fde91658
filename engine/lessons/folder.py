"""The files of a lesson: a folder, or a zip of one that is looked through before anything is taken out.

A lesson comes from anywhere. Names that lead out of it are refused, sizes are bounded before anything is
read, and nothing is ever written to the disk.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from engine.data.source import open_file
from engine.digits import size_text
from engine.errors import LessonError
from engine.files.atomic import Where
from engine.lessons.lesson import MAIN, Lesson
from engine.lessons.reading import Read, read_text
from resources import resource_path

SUFFIX = ".bplesson"
MOST_TEXT = 1 << 20
MOST_FILE = 16 << 20
MOST_ALL = 48 << 20
MOST_FILES = 200

_TRANSLATION = re.compile(r"lesson\.([a-z]{2,3}(?:_[A-Z]{2})?)\.md")
_NAME = re.compile(r"[^\W_][\w-]{0,39}")
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)


@dataclass(frozen=True, eq=False)
class Folder:
    """A lesson's files.

    Attributes
    ----------
    name : str
        Of the lesson.
    path : Path
    files : mapping of name to bytes or Path
        Names with ``/`` between folders; what lies in a folder is read when it is wanted.
    """

    name: str
    path: Path
    files: Mapping[str, bytes | Path] = field(repr=False)

    @property
    def translations(self) -> tuple[str, ...]:
        """The languages that there is a translation into."""
        found = (_TRANSLATION.fullmatch(name) for name in self.files)
        return tuple(sorted(match[1] for match in found if match))

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return name in self.files

    def bytes(self, name: str) -> bytes:
        """What is in a file.

        Raises
        ------
        LessonError
            ``cannot_read`` or ``file_too_large``.
        """
        content = self.files[name]
        if isinstance(content, Path):
            return _read(content, name, MOST_TEXT if name.endswith(".md") else MOST_FILE)
        return content

    def text(self, name: str) -> str:
        """What is in a text file.

        Raises
        ------
        LessonError
            Also ``not_text``.
        """
        content = self.bytes(name)
        if len(content) > MOST_TEXT:
            raise LessonError(
                "file_too_large", file=name, size=size_text(len(content)), limit=size_text(MOST_TEXT)
            )
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise LessonError("not_text", file=name) from None
        if "\0" in text:
            raise LessonError("not_text", file=name)
        return text


def open_lesson(path: Where) -> Folder:
    """Look what files a lesson has.

    Parameters
    ----------
    path : path
        Its folder, its archive, or a ``lesson.md``; or the name alone of a lesson of the course.

    Raises
    ------
    LessonError
        ``cannot_read``, ``no_lesson``, ``not_an_archive``, ``escapes``, ``file_too_large`` or
        ``too_many_files``.
    """
    path = Path(path)
    own = resource_path("lessons", path.name)
    if path.parts == (path.name,) and own.is_dir() and not path.exists():
        path = own
    if path.is_dir():
        return _of_folder(path)
    if path.suffix.lower() == ".md":
        if not path.exists():
            raise LessonError("cannot_read", file=path.name, reason="No such file or directory")
        return _of_folder(path.absolute().parent)
    return _of_archive(path)


def _of_folder(path: Path) -> Folder:
    files: dict[str, bytes | Path] = {}
    try:
        for found in sorted(path.rglob("*")):
            if found.is_file() and not found.name.startswith("."):
                if len(files) >= MOST_FILES:
                    raise LessonError(
                        "too_many_files", file=path.name, count=f"> {MOST_FILES}", limit=MOST_FILES
                    )
                files[found.relative_to(path).as_posix()] = found
    except OSError as error:
        raise LessonError("cannot_read", file=path.name, reason=error.strerror or str(error)) from None
    if MAIN not in files:
        raise LessonError("no_lesson", file=path.name)
    return Folder(path.absolute().name, path, MappingProxyType(files))


def _of_archive(path: Path) -> Folder:
    try:
        with open_file(path) as stream, zipfile.ZipFile(stream) as archive:
            files = _members(path.name, archive)
    except LessonError:
        raise
    except zipfile.BadZipFile:
        raise LessonError("not_an_archive", file=path.name) from None
    except OSError as error:
        raise LessonError("cannot_read", file=path.name, reason=error.strerror or str(error)) from None
    except _DAMAGE:
        raise LessonError("not_an_archive", file=path.name) from None
    if MAIN not in files:
        raise LessonError("no_lesson", file=path.name)
    return Folder(path.name.removesuffix(SUFFIX), path, MappingProxyType(files))


def _members(name: str, archive: zipfile.ZipFile) -> dict[str, bytes | Path]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise LessonError("too_many_files", file=name, count=len(entries), limit=MOST_FILES)
    for entry in archive.infolist():
        _check_name(entry.filename)
    if (total := sum(entry.file_size for entry in entries)) > MOST_ALL:
        raise LessonError("file_too_large", file=name, size=size_text(total), limit=size_text(MOST_ALL))
    top = _common_folder([entry.filename for entry in entries])
    files: dict[str, bytes | Path] = {}
    for entry in entries:
        inner = entry.filename[len(top) :]
        limit = MOST_TEXT if inner.endswith(".md") else MOST_FILE
        if entry.file_size > limit:
            raise LessonError(
                "file_too_large", file=inner, size=size_text(entry.file_size), limit=size_text(limit)
            )
        with archive.open(entry) as member:
            content = member.read(limit + 1)
        if len(content) > limit:
            raise LessonError(
                "file_too_large", file=inner, size=f"> {size_text(limit)}", limit=size_text(limit)
            )
        files[inner] = content
    return files


def _check_name(name: str) -> None:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if not parts or parts[0] == "/" or ".." in parts or ":" in name or "\0" in name or "\\" in name:
        raise LessonError("escapes", name=name[:80])


def _common_folder(names: list[str]) -> str:
    """The folder that all lies in, as when a folder itself was zipped."""
    if MAIN in names or not names:
        return ""
    top = names[0].partition("/")[0] + "/"
    return top if all(name.startswith(top) for name in names) else ""


def _read(path: Path, name: str, limit: int) -> bytes:
    try:
        with open_file(path) as stream:
            content: bytes = stream.read(limit + 1)
    except OSError as error:
        raise LessonError("cannot_read", file=name, reason=error.strerror or str(error)) from None
    if len(content) > limit:
        size = size_text(path.stat().st_size)
        raise LessonError("file_too_large", file=name, size=size, limit=size_text(limit))
    return content


# -- reading -----------------------------------------------------------------------------------------------


def read_folder(folder: Folder, language: str = "") -> Read:
    """Read a lesson in a language, or as it was written; what is wrong with it is told, not raised.

    A language that there is no translation into is a problem of its own.
    """
    try:
        read = read_text(folder.text(MAIN), folder.name, MAIN)
        if read.lesson is None or language in ("", read.lesson.language):
            return read
        if language not in folder.translations:
            allowed = ", ".join([read.lesson.language, *folder.translations])
            raise LessonError("no_translation", file=MAIN, language=language, allowed=allowed)
        file = f"lesson.{language}.md"
        return read_text(folder.text(file), folder.name, file, read.lesson)
    except LessonError as error:
        return Read(None, (error,))


def read_lesson(folder: Folder, language: str = "") -> Lesson:
    """Read a lesson that is to be right.

    Raises
    ------
    EngineError
        The first thing that is wrong.
    """
    read = read_folder(folder, language)
    if read.lesson is None:
        raise read.problems[0]
    return read.lesson


def name_is_good(name: str) -> bool:
    """Whether a lesson may be called so."""
    return bool(_NAME.fullmatch(name))
