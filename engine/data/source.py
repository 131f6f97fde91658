"""The bytes of a file or of pasted text: opened, and decompressed within bounds."""

from __future__ import annotations

import bz2
import copy
import errno
import gzip
import hashlib
import io
import lzma
import os
import stat
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from engine.data.options import MAX_EXPANSION, MAX_TABLE_BYTES, Watch
from engine.digits import size_text
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

BLOCK = 1 << 20

_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz"}
_OPENERS: dict[str, Callable[[BinaryIO], object]] = {
    "gzip": lambda raw: gzip.GzipFile(fileobj=raw),
    "bzip2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}
PACKED_SUFFIXES = (".gz", ".bz2", ".xz", ".zip")


class Source:
    """Bytes that can be opened again and again.

    Parameters
    ----------
    where : path or bytes
        Bytes stand for themselves, such as pasted text.

    Raises
    ------
    DatasetError
        ``cannot_read`` or ``empty_file``.
    """

    def __init__(self, where: str | os.PathLike[str] | bytes) -> None:
        self.path = None if isinstance(where, bytes) else Path(where)
        self._data = where if isinstance(where, bytes) else None
        self.name = self.path.name if self.path else "pasted"
        self._member = ""
        with self._open_raw() as raw:
            magic = raw.read(6)
            raw.seek(0, os.SEEK_END)
            self.size = raw.tell()
            if self.size == 0:
                raise DatasetError("empty_file")
            self.compression = next((name for mark, name in _PACKED.items() if magic.startswith(mark)), "")
            if magic.startswith(b"PK\x03\x04") and (member := _only_member(raw)):
                self.compression, self._member = "zip", member
        self.head = self._read(BLOCK)
        if not self.head:
            raise DatasetError("empty_file")

    @property
    def suffix(self) -> str:
        """The ending that tells the format, in lower case: that before ``.gz``, or of the file in a zip."""
        return Path(_unpacked_name(self._member or self.name).lower()).suffix

    @property
    def stem(self) -> str:
        """The name without its endings, for the data set's name."""
        return Path(_unpacked_name(self._member or self.name)).stem or "data"

    def open(self) -> BinaryIO:
        """Open the decompressed bytes; reading raises DatasetError beyond the bound or the end."""
        raw = self._open_raw()
        if not self.compression:
            return raw
        limit = min(MAX_TABLE_BYTES, max(64 * 1024**2, MAX_EXPANSION * self.size))
        if self.compression == "zip":
            expanded = _open_member(raw, self._member)
        else:
            expanded = cast(BinaryIO, _OPENERS[self.compression](raw))
        return io.BufferedReader(_Bounded(expanded, raw, limit, self.compression), BLOCK)

    def share_read(self, stream: BinaryIO) -> float:
        """How much of the file a stream from `open` has consumed, from 0 to 1."""
        inner = getattr(stream, "raw", None)
        return min(1.0, (inner.compressed if isinstance(inner, _Bounded) else stream).tell() / self.size)

    def read_all(self, watch: Watch) -> bytes:
        """All decompressed bytes, for formats that cannot be read piecemeal."""
        if not self.compression and self.size > MAX_TABLE_BYTES:
            raise DatasetError(
                "too_large", what=self.name, size=size_text(self.size), limit=size_text(MAX_TABLE_BYTES)
            )
        blocks = []
        with self.open() as stream:
            while block := stream.read(BLOCK):
                blocks.append(block)
                watch.tick()
        return b"".join(blocks)

    def sha256(self, watch: Watch) -> str:
        """Digest of the bytes as they lie on the disk, in hexadecimal."""
        digest = hashlib.sha256()
        with self._open_raw() as raw:
            while block := raw.read(BLOCK):
                digest.update(block)
                watch.tick()
        return digest.hexdigest()

    def _open_raw(self) -> BinaryIO:
        if self._data is not None:
            return io.BytesIO(self._data)
        assert self.path is not None
        try:
            return open_file(self.path)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise DatasetError("cannot_read", name=self.name, reason=reason) from None

    def _read(self, count: int) -> bytes:
        with self.open() as stream:
            return stream.read(count)


def open_file(path: Path) -> io.BufferedReader:
    """Open a file for reading; a pipe or a device, at which one would wait for ever, is refused.

    Raises
    ------
    OSError
        With what to say as its ``strerror``.
    """
    return io.BufferedReader(io.FileIO(path, opener=_open_regular))


def _open_regular(path: str, flags: int) -> int:
    descriptor = os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):  # a folder is refused by who asked for it
        return descriptor
    os.close(descriptor)
    raise OSError(
        errno.EINVAL, QT_TRANSLATE_NOOP("errors", "it is a pipe or a device; save what it gives as a file")
    )


def _unpacked_name(name: str) -> str:
    for ending in PACKED_SUFFIXES:
        if name.lower().endswith(ending):
            return name[: -len(ending)]
    return name


def _only_member(raw: BinaryIO) -> str:
    """The one file of data in a zip archive; empty if there are several, or it is a format of its own."""
    try:
        with ZipFile(raw) as archive:
            names = [
                entry.filename
                for entry in archive.infolist()
                if not entry.is_dir()
                and not entry.filename.startswith("__MACOSX/")
                and Path(entry.filename).name not in (".DS_Store", "Thumbs.db")
            ]
    except Exception:  # whoever recognises formats says what is wrong with it
        return ""
    own = (".npy", ".xml", ".rels", "mimetype", ".bplab", ".zip")
    return names[0] if len(names) == 1 and not names[0].endswith(own) else ""


def _open_member(raw: BinaryIO, name: str) -> BinaryIO:
    try:
        archive = ZipFile(raw)
        entry = archive.getinfo(name)
        if entry.flag_bits & 1:
            raise DatasetError(
                "corrupt_file", format="zip", reason=QT_TRANSLATE_NOOP("errors", "it is locked by a password")
            )
        doubted = copy.copy(entry)
        doubted.file_size += 2 * BLOCK
        return cast(BinaryIO, archive.open(doubted))
    except DatasetError:
        raw.close()
        raise
    except Exception as error:  # damaged archives make zipfile raise a dozen types
        raw.close()
        raise DatasetError("corrupt_file", format="zip", reason=str(error)) from None


class _Bounded(io.RawIOBase):
    """Expanded bytes, not without end; what is wrong with them is told as a DatasetError."""

    def __init__(self, expanded: BinaryIO, compressed: BinaryIO, limit: int, packed: str) -> None:
        self.compressed = compressed
        self._packed = packed
        self._expanded = expanded
        self._limit = limit
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            block = self._expanded.read(len(buffer))
        except EOFError:
            size = self.compressed.seek(0, os.SEEK_END)
            raise DatasetError("truncated_file", expected_bytes=f">{size}", found_bytes=size) from None
        except (
            OSError,
            zlib.error,
            lzma.LZMAError,
            BadZipFile,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise DatasetError("corrupt_file", format=self._packed, reason=str(error)) from None
        self._count += len(block)
        if self._count > self._limit:
            raise DatasetError(
                "too_large",
                what=QT_TRANSLATE_NOOP("errors", "The expanded file"),
                size=f"> {size_text(self._limit)}",
                limit=size_text(self._limit),
            )
        buffer[: len(block)] = block
        return len(block)

    def close(self) -> None:
        if not self.closed:
            self._expanded.close()
            self.compressed.close()
        super().close()


def check_archive(entries: list[ZipInfo], size: int) -> None:
    """Refuse an archive that says it expands beyond the bound, or is packed so that it can't be bounded."""
    for entry in entries:
        if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise DatasetError(
                "corrupt_file",
                format="zip",
                reason=QT_TRANSLATE_NOOP("errors", "it is packed in a way that is not read"),
            )
    expanded = sum(entry.file_size for entry in entries)
    limit = min(MAX_TABLE_BYTES, max(64 * 1024**2, MAX_EXPANSION * size))
    if expanded > limit:
        raise DatasetError(
            "too_large",
            what=QT_TRANSLATE_NOOP("errors", "The expanded archive"),
            size=size_text(expanded),
            limit=size_text(limit),
        )


def member_blocks(archive: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """What a member expands to, block by block, never much more of it at a time.

    Raises
    ------
    DatasetError
        ``expands_beyond`` as soon as it is more than the directory of the archive says, which
        `check_archive` has bounded.
    """
    doubted = copy.copy(entry)
    doubted.file_size += 2 * BLOCK  # or the library would leave out what is too much, and not say so
    count = 0
    with archive.open(doubted) as stream:
        while block := stream.read(BLOCK):
            count += len(block)
            if count > entry.file_size:
                raise DatasetError("expands_beyond", member=entry.filename, size=size_text(entry.file_size))
            yield block
