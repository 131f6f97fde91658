"""The formats that data come in, a row each, and how a file tells which is its."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from zipfile import ZipFile

from engine.data.encoding import find_encoding, head_text
from engine.data.options import ReadOptions, Watch
from engine.data.source import BLOCK, PACKED_SUFFIXES, Source, check_archive
from engine.data.table import Records, Table
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

_OLE = b"\xd0\xcf\x11\xe0"


class Look:
    """What a format's row may look at: each part is read when it is asked for."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.head = source.head

    @cached_property
    def members(self) -> tuple[str, ...]:
        """The files in a zip archive; none if it is something else.

        Raises
        ------
        DatasetError
            ``corrupt_file``, ``too_large``.
        """
        if not self.head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return ()
        try:
            packed = self._source.compression
            with BytesIO(self.whole) if packed else self._source.open() as stream, ZipFile(stream) as archive:
                entries = archive.infolist()
        except DatasetError:
            raise
        except Exception as error:  # damaged archives make zipfile raise a dozen types
            known = _by_suffix(self._source.suffix, text=False)
            format_ = FORMATS[known].label if known else "zip"
            raise DatasetError("corrupt_file", format=format_, reason=str(error)) from None
        check_archive(entries, self._source.size)
        return tuple(entry.filename for entry in entries) or ("",)

    @cached_property
    def whole(self) -> bytes:
        """All bytes."""
        return self._source.read_all(Watch())

    @cached_property
    def text(self) -> str:
        """The beginning as text, without blanks before it; empty if it cannot be read as text."""
        try:
            encoding = find_encoding(self._source, None, Watch(), BLOCK).name
        except DatasetError:
            return ""  # the reader of text tables says what is wrong, or minds an encoding that was chosen
        return head_text(self._source, encoding).lstrip("\ufeff \t\r\n")


@dataclass(frozen=True)
class Format:
    """How a kind of file is known, and which module reads it.

    Parameters
    ----------
    label : str
        What people call it.
    reader : str
        The module, imported when a file needs it; it has ``read(source, options, watch, limit)``.
    suffixes : tuple of str
        Ends of names, in lower case. Those of a format of text decide.
    is_mine : callable
        Whether a `Look` at the beginning says that it is this format.
    text : bool
        Whether a person could read it.
    also : tuple of str
        Patterns of further names, which say nothing of what is inside.
    """

    label: str
    reader: str
    suffixes: tuple[str, ...]
    is_mine: Callable[[Look], bool]
    text: bool = False
    also: tuple[str, ...] = ()


def _is_idx(look: Look) -> bool:
    head = look.head
    return head[:2] == b"\0\0" and len(head) >= 4 and head[2] in (8, 9, 11, 12, 13, 14) and 1 <= head[3] <= 8


def _is_workbook(look: Look) -> bool:
    if look.head.startswith(_OLE):
        # Word's old files have the same frame; what is inside is named in UTF-16.
        return "Workbook".encode("utf-16-le") in look.whole or "Book".encode("utf-16-le") in look.whole
    return bool({"xl/workbook.xml", "xl/workbook.bin"} & set(look.members)) or (
        "content.xml" in look.members and b"opendocument.spreadsheet" in look.head[:200]
    )


def _is_npz(look: Look) -> bool:
    return bool(look.members) and all(name.endswith(".npy") for name in look.members)


def _is_json(look: Look) -> bool:
    return look.text.startswith(("{", "[{", "[[")) or re.match(r"\[\s*[\[{]", look.text) is not None


def _is_libsvm(look: Look) -> bool:
    lines = [line for line in look.text.splitlines()[:20] if line.strip() and not line.startswith("#")]
    sparse = re.compile(r"[^\s:,;]+(\s+qid:\d+)?(\s+\d+:[^\s:,;]+)+\s*(#.*)?")
    return sum(1 for line in lines if sparse.fullmatch(line.strip())) > len(lines) / 2


_READERS = "engine.data.readers"

FORMATS = {
    "npy": Format("NPY", f"{_READERS}.arrays", (".npy",), lambda look: look.head.startswith(b"\x93NUMPY")),
    "parquet": Format(
        "Parquet", f"{_READERS}.parquet", (".parquet",), lambda look: look.head.startswith(b"PAR1")
    ),
    "excel": Format(
        "Excel, OpenDocument",
        f"{_READERS}.excel",
        (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
        _is_workbook,
    ),
    "npz": Format("NPZ", f"{_READERS}.arrays", (".npz",), _is_npz),
    "idx": Format("IDX", f"{_READERS}.idx", (".idx",), _is_idx, also=("*ubyte",)),
    "arff": Format(
        "ARFF",
        f"{_READERS}.arff",
        (".arff",),
        lambda look: re.search(r"^@relation\b", look.text, re.IGNORECASE | re.MULTILINE) is not None,
        text=True,
    ),
    "json": Format(
        "JSON, JSON Lines", f"{_READERS}.json", (".json", ".jsonl", ".ndjson"), _is_json, text=True
    ),
    "libsvm": Format("LIBSVM", f"{_READERS}.libsvm", (".libsvm", ".svmlight", ".svm"), _is_libsvm, text=True),
    "delimited": Format(
        "CSV, TSV",
        f"{_READERS}.delimited",
        (".csv", ".tsv", ".tab"),
        lambda look: False,  # what no other format of text claims
        text=True,
        also=("*.txt", "*.data"),
    ),
}
"""By the name that a data set's recipe has; the first that says it is its own is taken."""

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
    b"7z\xbc\xaf": QT_TRANSLATE_NOOP("errors", "a 7z archive (binary)"),
    b"Rar!": QT_TRANSLATE_NOOP("errors", "a RAR archive (binary)"),
    b"\x28\xb5\x2f\xfd": QT_TRANSLATE_NOOP("errors", "a zstd archive (binary)"),
}

_UNSUPPORTED = {
    _OLE: QT_TRANSLATE_NOOP("errors", "An old Word or PowerPoint file"),
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


def patterns() -> str:
    """The names that data sets have, as a file dialog wants them."""
    names = [f"*{suffix}" for row in FORMATS.values() for suffix in row.suffixes]
    packed = [f"*{suffix}" for suffix in PACKED_SUFFIXES]
    return " ".join([*names, *(name for row in FORMATS.values() for name in row.also), *packed])


def read(
    source: Source, options: ReadOptions, watch: Watch, limit: int | None
) -> tuple[str, Records | Table]:
    """Recognise the format and let its reader read.

    Raises
    ------
    DatasetError
        ``not_text``, ``unsupported_format``, ``corrupt_file``, and what the reader has to say.
    """
    name = recognise(source)
    found: Records | Table = importlib.import_module(FORMATS[name].reader).read(source, options, watch, limit)
    return name, found


def recognise(source: Source) -> str:
    """Tell the format, as named in FORMATS: by the first bytes; of text, by the name or else what it says.

    Raises
    ------
    DatasetError
        ``not_text``, ``unsupported_format`` or ``corrupt_file``.
    """
    look = Look(source)
    if name := _claimed(look, text=False):
        return name
    if look.members:
        raise unsupported(QT_TRANSLATE_NOOP("errors", "A zip archive of other files"))
    for magic, what in _UNSUPPORTED.items():
        if look.head.startswith(magic):
            raise unsupported(what)
    # Two letters alone could begin a table, so these need a byte that no text has.
    binary = any(byte in look.head[:512] for byte in (0, 1, 2, 0x89, 0x8D, 0xFD, 0xFF))
    for magic, what in _PICTURES_AND_PROGRAMS.items():
        if look.head.startswith(magic) and (len(magic) > 2 or binary):
            raise DatasetError("not_text", line=1, what=what)
    if (name := _by_suffix(source.suffix, text=False)) and (binary or name == "npy"):
        reason = QT_TRANSLATE_NOOP("errors", "wrong first bytes")
        raise DatasetError("corrupt_file", format=FORMATS[name].label, reason=reason)
    if (
        page := re.match(r"<(!doctype html|html|head|body|table|\?xml)\b", look.text, re.IGNORECASE)
    ) is not None:
        if page[1].startswith("?"):
            raise unsupported(QT_TRANSLATE_NOOP("errors", "An XML file"))
        raise unsupported(QT_TRANSLATE_NOOP("errors", "A web page (HTML)"))
    return _by_suffix(source.suffix, text=True) or _claimed(look, text=True) or "delimited"


def unsupported(what: str) -> DatasetError:
    """Make the error for what no row reads."""
    supported = ", ".join(row.label for row in FORMATS.values())
    return DatasetError("unsupported_format", what=what, supported=supported)


def _claimed(look: Look, *, text: bool) -> str:
    return next((name for name, row in FORMATS.items() if row.text is text and row.is_mine(look)), "")


def _by_suffix(suffix: str, *, text: bool) -> str:
    return next((name for name, row in FORMATS.items() if row.text is text and suffix in row.suffixes), "")
