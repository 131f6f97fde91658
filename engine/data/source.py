"""The bytes of a file or of pasted text: opened, decompressed within bounds, and recognised."""

from __future__ import annotations

import copy
import errno
import gzip
import hashlib
import io
import os
import stat
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from engine.data.options import MAX_EXPANSION, MAX_TABLE_BYTES, Watch
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

BLOCK = 1 << 20


class Source:
    """Bytes that can be opened again and again.

    Parameters
    ----------
    where : path or bytes
        Bytes stand for themselves, such as pasted text.

    Raises
    ------
    DatasetError
        ``cannot_read``, ``unsupported_format`` for a folder, ``empty_file``.
    """

    def __init__(self, where: str | os.PathLike[str] | bytes) -> None:
        self.path = None if isinstance(where, bytes) else Path(where)
        self._data = where if isinstance(where, bytes) else None
        self.name = self.path.name if self.path else "pasted"
        if self.path is not None and self.path.is_dir():
            raise DatasetError(
                "unsupported_format", what=QT_TRANSLATE_NOOP("errors", "A folder"), supported=SUPPORTED
            )
        with self._open_raw() as raw:
            magic = raw.read(2)
            raw.seek(0, os.SEEK_END)
            self.size = raw.tell()
        if self.size == 0:
            raise DatasetError("empty_file")
        self.compression = "gzip" if magic == b"\x1f\x8b" else ""
        self.head = self._read(BLOCK)
        if not self.head:
            raise DatasetError("empty_file")

    @property
    def suffix(self) -> str:
        """The ending that tells the format, in lower case: that before ``.gz``."""
        name = self.name.lower().removesuffix(".gz")
        return Path(name).suffix

    @property
    def stem(self) -> str:
        """The name without its endings, for the data set's name."""
        name = self.name.removesuffix(".gz")
        return Path(name).stem or "data"

    def open(self) -> BinaryIO:
        """Open the decompressed bytes; reading raises DatasetError beyond the bound or the end."""
        raw = self._open_raw()
        if not self.compression:
            return raw
        limit = min(MAX_TABLE_BYTES, max(64 * 1024**2, MAX_EXPANSION * self.size))
        return io.BufferedReader(_Bounded(gzip.GzipFile(fileobj=raw), raw, limit), BLOCK)

    def share_read(self, stream: BinaryIO) -> float:
        """How much of the file a stream from `open` has consumed, from 0 to 1."""
        inner = getattr(stream, "raw", None)
        return (inner.compressed if isinstance(inner, _Bounded) else stream).tell() / self.size

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


class _Bounded(io.RawIOBase):
    """A gzip stream that refuses to grow without end, and says what is wrong with it as a DatasetError."""

    def __init__(self, expanded: gzip.GzipFile, compressed: BinaryIO, limit: int) -> None:
        self.compressed = compressed
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
        except (gzip.BadGzipFile, zlib.error) as error:
            raise DatasetError("corrupt_file", format="gzip", reason=str(error)) from None
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


SUPPORTED = "CSV, TSV, Excel (.xlsx), Parquet, JSON, JSON Lines, NPZ, NPY, ARFF, LIBSVM, IDX"

_PICTURES_AND_PROGRAMS = {
    b"\x89PNG": QT_TRANSLATE_NOOP("errors", "a PNG image"),
    b"\xff\xd8\xff": QT_TRANSLATE_NOOP("errors", "a JPEG image"),
    b"GIF8": QT_TRANSLATE_NOOP("errors", "a GIF image"),
    b"BM": QT_TRANSLATE_NOOP("errors", "a BMP image"),
    b"II*\0": QT_TRANSLATE_NOOP("errors", "a TIFF image"),
    b"MM\0*": QT_TRANSLATE_NOOP("errors", "a TIFF image"),
    b"RIFF": QT_TRANSLATE_NOOP("errors", "a media file (RIFF, binary)"),
    b"%PDF": QT_TRANSLATE_NOOP("errors", "a PDF document (binary)"),
    b"\x7fELF": QT_TRANSLATE_NOOP("errors", "a program (ELF, binary)"),
    b"MZ": QT_TRANSLATE_NOOP("errors", "a program (EXE, binary)"),
    b"SQLite format 3": QT_TRANSLATE_NOOP("errors", "an SQLite database (binary)"),
    b"ID3": QT_TRANSLATE_NOOP("errors", "an MP3 file (binary)"),
    b"OggS": QT_TRANSLATE_NOOP("errors", "an Ogg file (binary)"),
    b"fLaC": QT_TRANSLATE_NOOP("errors", "a FLAC file (binary)"),
    b"\xfd7zXZ": QT_TRANSLATE_NOOP("errors", "an xz archive (binary)"),
    b"BZh": QT_TRANSLATE_NOOP("errors", "a bzip2 archive (binary)"),
    b"7z\xbc\xaf": QT_TRANSLATE_NOOP("errors", "a 7z archive (binary)"),
    b"Rar!": QT_TRANSLATE_NOOP("errors", "a RAR archive (binary)"),
    b"\x28\xb5\x2f\xfd": QT_TRANSLATE_NOOP("errors", "a zstd archive (binary)"),
}

_UNSUPPORTED = {
    b"\xd0\xcf\x11\xe0": QT_TRANSLATE_NOOP("errors", "An old Excel or Word file (.xls, .doc)"),
    b"\x89HDF": QT_TRANSLATE_NOOP("errors", "An HDF5 file"),
    b"MATLAB 5.0 MAT-file": QT_TRANSLATE_NOOP("errors", "A MATLAB .mat file"),
    b"MATLAB 7": QT_TRANSLATE_NOOP("errors", "A MATLAB .mat file"),
    b"ARROW1": QT_TRANSLATE_NOOP("errors", "An Arrow or Feather file"),
    b"Obj\x01": QT_TRANSLATE_NOOP("errors", "An Avro file"),
    b"\x80\x02": QT_TRANSLATE_NOOP("errors", "A pickle file"),
    b"\x80\x03": QT_TRANSLATE_NOOP("errors", "A pickle file"),
    b"\x80\x04": QT_TRANSLATE_NOOP("errors", "A pickle file"),
    b"\x80\x05": QT_TRANSLATE_NOOP("errors", "A pickle file"),
}

_BINARY_SUFFIXES = {
    ".xlsx": "Excel",
    ".xlsm": "Excel",
    ".npz": "NPZ",
    ".npy": "NPY",
    ".parquet": "Parquet",
}


def recognise(source: Source) -> str:
    """Tell the format from the first bytes, and only then from the name.

    Returns
    -------
    str
        ``excel``, ``parquet``, ``npy``, ``npz``, ``idx`` or ``text``.

    Raises
    ------
    DatasetError
        ``not_text``, ``unsupported_format`` or ``corrupt_file``.
    """
    head = source.head
    if head.startswith(b"\x93NUMPY"):
        return "npy"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(source)
    if head[:2] == b"\0\0" and len(head) >= 4 and head[2] in (8, 9, 11, 12, 13, 14) and 1 <= head[3] <= 8:
        return "idx"
    for magic, what in _UNSUPPORTED.items():
        if head.startswith(magic):
            raise DatasetError("unsupported_format", what=what, supported=SUPPORTED)
    # Two letters alone could begin a table, so these need a byte that no text has.
    binary = any(byte in head[:512] for byte in (0, 1, 2, 0x89, 0x8D, 0xFD, 0xFF))
    for magic, what in _PICTURES_AND_PROGRAMS.items():
        if head.startswith(magic) and (len(magic) > 2 or binary):
            raise DatasetError("not_text", line=1, what=what)
    if source.suffix in _BINARY_SUFFIXES and (binary or source.suffix == ".npy"):
        raise DatasetError(
            "corrupt_file",
            format=_BINARY_SUFFIXES[source.suffix],
            reason=QT_TRANSLATE_NOOP("errors", "wrong first bytes"),
        )
    return "text"


def _kind_of_zip(source: Source) -> str:
    try:
        with source.open() as stream, ZipFile(stream) as archive:
            entries = archive.infolist()
    except DatasetError:
        raise
    except Exception as error:  # damaged archives make zipfile raise a dozen types
        known = _BINARY_SUFFIXES.get(source.suffix, "zip")
        raise DatasetError("corrupt_file", format=known, reason=str(error)) from None
    check_archive(entries, source.size)
    names = [entry.filename for entry in entries]
    if "xl/workbook.xml" in names:
        return "excel"
    if names and all(name.endswith(".npy") for name in names):
        return "npz"
    raise DatasetError(
        "unsupported_format",
        what=QT_TRANSLATE_NOOP("errors", "A zip archive of other files"),
        supported=SUPPORTED,
    )


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


def size_text(count: int) -> str:
    """Bytes as people write them: 12 MB."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB", "GB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}"
        amount /= 1024
    return f"{amount:.0f} TB"
