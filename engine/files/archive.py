"""The container of a session: a zip of JSON and NPY members, written in a stream and read within bounds.

A file may come from anywhere. So before anything is expanded the directory of the archive is checked:
how many members, their names, how they are packed and how large they say they are (zipfile never hands
out more). An NPY header is checked for its type and shape before its numbers are read, and no object is
ever unpickled.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

from engine.arrays import AnyArray, FloatArray
from engine.data.options import MAX_EXPANSION, MAX_TABLE_BYTES
from engine.data.source import open_file
from engine.digits import size_text
from engine.errors import QT_TRANSLATE_NOOP, SessionError
from engine.files.atomic import Where, replacing

DOCUMENT = "session.json"
"""The member that says what the others are."""

MAX_MEMBERS = 20_000
MAX_JSON_BYTES = 64 * 2**20
MAX_JSON_DEPTH = 64
BLOCK_BYTES = 1 << 20
"""Written or read between two looks at progress and cancellation."""

_NAME = re.compile(r"[a-z0-9_]+(/[a-z0-9_]+)*\.(json|npy)")
_BRACKETS = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)  # outside of strings
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError)


class Watch:
    """Where writing and reading report how far they are and learn that they are no longer wanted."""

    def __init__(
        self,
        progress: Callable[[float], object] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._progress, self.cancelled = progress, cancelled
        self.total, self._done = 1, 0

    def advance(self, count: int) -> None:
        """Report `count` bytes more of `total`; raise ``SessionError("cancelled")`` when it is to stop."""
        self._done += count
        if self.cancelled is not None and self.cancelled():
            raise SessionError("cancelled")
        if self._progress is not None:
            self._progress(min(1.0, self._done / max(1, self.total)))


@dataclass(frozen=True, eq=False)
class Stream:
    """An array on its way into the archive, part by part along its first axis.

    Parameters
    ----------
    dtype : numpy dtype
    shape : tuple of int
    parts : iterable of arrays
        Together of that shape.
    packed : bool
        Whether to compress it: data shrink, numbers that training made do not.
    """

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    parts: Iterable[AnyArray]
    packed: bool = False

    @classmethod
    def of(cls, array: AnyArray, packed: bool = False) -> Stream:
        """The whole of an array."""
        return cls(array.dtype, array.shape, (array,), packed)

    @property
    def nbytes(self) -> int:
        """Bytes it expands to."""
        return math.prod(self.shape) * self.dtype.itemsize


def fingerprint(entries: Iterable[zipfile.ZipInfo]) -> str:
    """What tells the contents of an archive from others: names, sizes and checksums of its members."""
    plain = [(entry.filename, entry.file_size, entry.CRC) for entry in entries]
    return hashlib.sha256(repr(plain).encode()).hexdigest()


def _fingerprint_at(path: Where) -> str | None:
    """That of the archive at `path`; None if nothing is there, empty if it is no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            return fingerprint(archive.infolist())
    except FileNotFoundError:
        return None
    except (*_DAMAGE, OSError):
        return ""


def write_archive(
    path: Where,
    documents: Mapping[str, Any],
    streams: Mapping[str, Stream],
    watch: Watch,
    replaces: str | None = None,
) -> str:
    """Write JSON documents and arrays as one file, whole or not at all; return its fingerprint.

    The same contents give the same bytes: members bear no dates.

    Parameters
    ----------
    replaces : str, optional
        The fingerprint of what may be replaced; by default anything may.

    Raises
    ------
    SessionError
        ``cannot_write``, ``cancelled``, or ``changed_meanwhile`` if something else is there.
    """
    watch.total = sum(stream.nbytes for stream in streams.values())
    with replacing(path) as file:
        with zipfile.ZipFile(file, "w") as archive:
            for name, document in documents.items():
                text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=_plain_number)
                archive.writestr(_entry(name, packed=True), text.encode("utf-8", "surrogatepass"))
            for name, stream in streams.items():
                with archive.open(_entry(name, stream.packed), "w", force_zip64=True) as member:
                    _write_npy(member, stream, watch)
        if replaces is not None and _fingerprint_at(path) not in (None, replaces):
            raise SessionError("changed_meanwhile", name=Path(path).name)
    return fingerprint(archive.infolist())


def _plain_number(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    raise TypeError(f"{type(value).__name__} cannot be kept in a session")


def _entry(name: str, packed: bool) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    entry._compresslevel = 1  # type: ignore[attr-defined]  # little is gained above it
    return entry


def _write_npy(member: IO[bytes], stream: Stream, watch: Watch) -> None:
    dtype = stream.dtype.newbyteorder("<")
    header = {"descr": npy.dtype_to_descr(dtype), "fortran_order": False, "shape": stream.shape}
    npy.write_array_header_1_0(member, header)
    for part in stream.parts:
        data = np.ascontiguousarray(part, dtype).reshape(-1).view(np.uint8).data
        for start in range(0, len(data), BLOCK_BYTES):
            block = data[start : start + BLOCK_BYTES]
            member.write(block)
            watch.advance(len(block))


class Archive:
    """A session's container, opened for reading; a context manager.

    Raises
    ------
    SessionError
        ``cannot_read``, ``not_a_session``, ``cut_off``, ``too_large``, ``bad_member`` or ``damaged``.
    """

    def __init__(self, path: Where, watch: Watch) -> None:
        self.path = Path(path)
        self.name = self.path.name
        self.watch = watch
        try:
            self._file = open_file(self.path)
        except OSError as error:
            raise SessionError("cannot_read", name=self.name, reason=error.strerror or str(error)) from None
        try:
            self._zip = zipfile.ZipFile(self._file)
            self._members = self._checked(self._zip.infolist(), self.path.stat().st_size)
        except _DAMAGE:
            self._file.seek(0)
            is_zip = self._file.read(4) == b"PK\x03\x04"
            self._file.close()
            raise SessionError("cut_off" if is_zip else "not_a_session", name=self.name) from None
        except SessionError:
            self._file.close()
            raise

    @property
    def fingerprint(self) -> str:
        """See `fingerprint`."""
        return fingerprint(self._zip.infolist())

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._file.close()

    def __contains__(self, member: str) -> bool:
        return member in self._members

    def error(self, kind: str, member: str, **details: Any) -> SessionError:
        """An error about a member of this file."""
        return SessionError(kind, name=self.name, member=member, **details)

    def _checked(self, entries: list[zipfile.ZipInfo], size: int) -> dict[str, zipfile.ZipInfo]:
        members: dict[str, zipfile.ZipInfo] = {}
        for entry in entries:
            name, encrypted = entry.filename, bool(entry.flag_bits & 1)
            packing = entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
            if not _NAME.fullmatch(name) or name in members or encrypted or not packing:
                raise self.error("bad_member", repr(name[:80]))
            members[name] = entry
        if len(members) > MAX_MEMBERS:
            raise self._too_large("*", len(members), MAX_MEMBERS, str)
        expanded = sum(entry.file_size for entry in entries)
        limit = max(64 * 2**20, MAX_EXPANSION * size)
        if expanded > limit:
            raise self._too_large("*", expanded, limit)
        self.watch.total = expanded
        return members

    def _too_large(
        self, member: str, found: int, limit: int, text: Callable[[int], str] = size_text
    ) -> SessionError:
        return self.error("too_large", member, size=text(found), limit=text(limit))

    def _open(self, member: str) -> IO[bytes]:
        if member not in self._members:
            raise self.error("missing_member", member)
        try:
            return self._zip.open(self._members[member])
        except (*_DAMAGE, OSError) as error:
            raise self._damaged(member, error) from None

    def _damaged(self, member: str, error: Exception | str) -> SessionError:
        return self.error("damaged", member, reason=str(error).split("\n")[0] or type(error).__name__)

    def json(self, member: str) -> Any:
        """The value of a JSON member.

        Raises
        ------
        SessionError
            ``missing_member``, ``too_large`` (bytes or depth) or ``damaged``.
        """
        with self._open(member) as stream:
            size = self._members[member].file_size
            if size > MAX_JSON_BYTES:
                raise self._too_large(member, size, MAX_JSON_BYTES)
            try:
                text = b"".join(self._blocks(stream, member, size)).decode("utf-8", "surrogatepass")
            except UnicodeDecodeError as error:
                raise self._damaged(member, error) from None
        depth = deepest = 0
        for match in _BRACKETS.finditer(text):
            depth += (match[0] in "[{") - (match[0] in "]}")
            deepest = max(deepest, depth)
        if deepest > MAX_JSON_DEPTH:
            raise self._too_large(member, deepest, MAX_JSON_DEPTH, str)
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise self._damaged(member, error) from None

    def array(self, member: str, dtype: str, shape: tuple[int | None, ...]) -> AnyArray:
        """An array of that type and shape; None is a length that may be any.

        Raises
        ------
        SessionError
            ``missing_member``, ``wrong_type``, ``too_large`` or ``damaged``.
        """
        with self._open(member) as stream:
            found = self._shape(stream, member, dtype, shape)
            size = math.prod(found) * np.dtype(dtype).itemsize
            if size > MAX_TABLE_BYTES:
                raise self._too_large(member, size, MAX_TABLE_BYTES)
            array = np.empty(found, np.dtype(dtype))
            place, data = 0, array.reshape(-1).view(np.uint8).data
            for block in self._blocks(stream, member, size):
                data[place : place + len(block)] = block
                place += len(block)
        return array.astype(array.dtype.newbyteorder("="), copy=False)

    def rows(self, member: str, width: int) -> Iterator[FloatArray]:
        """A table of numbers (n, width), some rows at a time, however many there are; see `array`."""
        with self._open(member) as stream:
            count = self._shape(stream, member, "<f8", (None, width))[0]
            for block in self._blocks(stream, member, count * width * 8, unit=width * 8):
                yield np.frombuffer(block, "<f8").astype(np.float64, copy=False).reshape(-1, width)

    def _shape(
        self, stream: IO[bytes], member: str, dtype: str, expected: tuple[int | None, ...]
    ) -> tuple[int, ...]:
        """Read and check an NPY header."""
        try:
            if npy.read_magic(stream) != (1, 0):
                raise ValueError("an unknown version of NPY")
            shape, fortran, found = npy.read_array_header_1_0(stream)
        except Exception as error:  # damaged headers make NumPy raise a dozen types
            raise self._damaged(member, error) from None
        fits = len(shape) == len(expected) and all(
            isinstance(n, int) and n >= 0 and m in (None, n) for n, m in zip(shape, expected, strict=True)
        )
        if found != np.dtype(dtype) or fortran or not fits:
            lengths = ", ".join("n" if n is None else str(n) for n in expected)
            wanted = QT_TRANSLATE_NOOP("errors", "{type} of the shape ({shape})")
            raise self.error(
                "wrong_type",
                member,
                field=f"{found.str[:20]} {shape}",
                expected=wanted.format(type=np.dtype(dtype).name, shape=lengths),
            )
        declared = self._members[member].file_size
        if stream.tell() + math.prod(shape) * found.itemsize != declared:
            raise self._damaged(member, f"{declared} bytes for the shape {shape}")
        return shape

    def _blocks(self, stream: IO[bytes], member: str, size: int, unit: int = 1) -> Iterator[bytes]:
        """All `size` bytes that are left in a member, in blocks of whole units, the checksum checked."""
        step = max(unit, BLOCK_BYTES // unit * unit)
        while size:
            try:
                block = stream.read(min(step, size))
            except (*_DAMAGE, OSError) as error:
                raise self._damaged(member, error) from None
            if not block or len(block) % unit:
                raise self._damaged(member, "it ends too early")
            size -= len(block)
            self.watch.advance(len(block))
            yield block
