"""What bad input yields: the kind of the error or warning, and its place."""

from __future__ import annotations

import gzip
import io
import json
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.lib import format as npy

from engine.data.load import inspect, load_dataset
from engine.data.readers import excel
from engine.errors import DatasetError

ROWS = [f"{i * 0.37:.2f},{i % 7},{'AB'[i % 2]}" for i in range(60)]
TABLE = "\n".join(["a,b,y", *ROWS, ""])
CORPUS = Path(__file__).parents[2] / "data" / "corpus"


def error_of(content: bytes | Path, **options: Any) -> DatasetError:
    with pytest.raises(DatasetError) as raised:
        load_dataset(content, **options)
    assert str(raised.value)
    return raised.value


def with_line(line: int, text: str) -> bytes:
    """The table with one physical line replaced."""
    lines = TABLE.split("\n")
    lines[line - 1] = text
    return "\n".join(lines).encode()


def warning_details(content: bytes, kind: str, **options: Any) -> dict[str, Any]:
    data = load_dataset(content, **options)
    return dict(next(warning.details for warning in data.warnings if warning.kind == kind))


def npz(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


@pytest.mark.parametrize("content", [b"", b"\n \r\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)])
def test_nothing_is_an_empty_file(content: bytes) -> None:
    assert error_of(content).kind == "empty_file"


def test_header_alone_has_no_rows() -> None:
    assert error_of(b"a,b,y\n").kind == "no_rows"


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG image"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "JPEG image"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "PDF"),
        (b"\x7fELF" + bytes(50), "program"),
        (bytes(range(1, 32)) * 40, "binary"),
    ],
)
def test_binary_files_are_named(content: bytes, what: str) -> None:
    error = error_of(content)
    assert (error.kind, error.line) == ("not_text", 1)
    assert what in error.message


def test_nul_bytes_are_no_text_and_have_a_line() -> None:
    error = error_of(with_line(17, "1.\0,2,A"))
    assert (error.kind, error.line) == ("not_text", 17)


def test_stray_bytes_in_utf8_have_line_and_offset() -> None:
    content = with_line(1, "größe,b,y").replace(ROWS[40].encode(), b"1\xff\xfe,2,A", 1)
    error = error_of(content)
    assert (error.kind, error.line) == ("bad_encoding", 42)
    assert error.details["byte_offset"] == content.index(b"\xff")


def test_bytes_that_the_chosen_encoding_does_not_have() -> None:
    error = error_of(with_line(9, "1.5,2,É"), encoding="ascii")
    assert (error.kind, error.line) == ("bad_encoding", 9)


@pytest.mark.parametrize(("text", "found"), [("1,2", 2), ("1,2,A,9", 4), ("1,2,A,", 4)])
@pytest.mark.parametrize("line", [2, 31, 61])
def test_rows_too_long_or_short(text: str, found: int, line: int) -> None:
    error = error_of(with_line(line, text))
    assert (error.kind, error.line) == ("ragged_row", line)
    assert (error.details["expected"], error.details["found"]) == (3, found)
    assert warning_details(with_line(line, text), "bad_rows_skipped", skip_bad_rows=True)["lines"] == [line]


def test_unclosed_quote_is_found_where_it_opened() -> None:
    error = error_of(with_line(25, '1.5,"2,A'))
    assert (error.kind, error.line, error.column) == ("unterminated_quote", 25, 2)


def test_unclosed_quote_that_a_later_quote_seems_to_close() -> None:
    content = with_line(25, '1.5,"2,A').replace(ROWS[50].encode(), b'"1.5",2,"A"')
    error = error_of(content)
    assert (error.kind, error.line, error.column) == ("unterminated_quote", 25, 2)


def test_unclosed_quote_after_a_field_of_two_lines() -> None:
    error = error_of(b't,u,y\n"a\nb",1,A\n"c\nd","2,B\n1,2,A\n')
    assert (error.kind, error.line, error.column) == ("unterminated_quote", 5, 2)


def test_text_after_a_closed_quote() -> None:
    error = error_of(with_line(12, '"1"5,2,A'))
    assert (error.kind, error.line, error.column) == ("stray_quote", 12, 1)


@pytest.mark.parametrize("text", ["2.l7", "1_000", "1,5", "0x10", "1e", "--5"])
@pytest.mark.parametrize("line", [2, 40, 61])
def test_bad_number_has_line_and_column(text: str, line: int) -> None:
    error = error_of(with_line(line, f'1.5,"{text}",A'))
    assert (error.kind, error.line, error.column) == ("bad_number", line, 2)
    assert (error.details["name"], error.details["text"]) == ("b", text)


def test_bad_number_after_a_hundred_thousand_rows() -> None:
    content = b"a,b,y\n" + b"1.5,2,A\n2.5,3,B\n" * 50_000 + b"1.5,2.x,A\n"
    error = error_of(content)
    assert (error.kind, error.line, error.column) == ("bad_number", 100_002, 2)


def test_lines_are_physical_after_quoted_line_ends() -> None:
    rows = "".join(f'"two\nlines",{i},{i * 0.5},{"AB"[i % 2]}\n' for i in range(40))
    error = error_of(("t,a,b,y\n" + rows + "x,1.x,2,A\n").encode())
    assert (error.kind, error.line, error.column) == ("bad_number", 82, 2)


def test_more_than_one_in_twenty_bad_cells_are_text() -> None:
    lines = ["a,b,y"] + [f"{'x' if i < 6 else i},{i % 7},{'AB'[i % 2]}" for i in range(100)]
    assert load_dataset("\n".join(lines).encode()).columns[0].role == "skip"
    lines[6] = "5,5,B"
    assert error_of("\n".join(lines).encode()).line == 2


def test_infinite_numbers_become_missing_with_a_warning() -> None:
    details = warning_details(with_line(20, "1e999,-inf,A"), "non_finite")
    assert details["cells"] == [(20, 1), (20, 2)]
    assert np.isnan(load_dataset(with_line(20, "1e999,-inf,A")).inputs[18]).all()


@pytest.mark.parametrize(
    "token", ["", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "?", "-", "#N/A", " NA "]
)
def test_missing_features_are_kept_and_counted(token: str) -> None:
    details = warning_details(with_line(20, f"1.5,{token},A"), "missing_values")
    assert (details["count"], details["cells"]) == (1, [(20, 2)])


def test_rows_without_target_alone_are_dropped() -> None:
    content = with_line(20, "1.5,2,?")
    assert warning_details(content, "target_missing")["lines"] == [20]
    assert len(load_dataset(content).inputs) == 59


def test_duplicate_and_empty_headers_get_names() -> None:
    content = TABLE.replace("a,b,y", "a,a,").encode()
    assert warning_details(content, "duplicate_header")["columns_index"] == [2]
    assert warning_details(content, "empty_header")["columns_index"] == [3]
    assert load_dataset(content).feature_names == ("a", "a_2")


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ([str(1000 + 7 * i) for i in range(60)], "id_like_column"),
        ([f"P-{i:03d}" for i in range(60)], "id_like_column"),
        ([f"some words {i // 2}" for i in range(60)], "text_column_skipped"),
        (["NA"] * 60, "all_missing_column"),
    ],
    ids=["number id", "text id", "free text", "nothing"],
)
def test_useless_columns_are_skipped(cells: list[str], kind: str) -> None:
    lines = ["id,a,b,y", *(f"{cell},{row}" for cell, row in zip(cells, ROWS, strict=True))]
    content = "\n".join(lines).encode()
    assert warning_details(content, kind)["columns"] == ["id"]
    assert load_dataset(content).feature_names == ("a", "b")


def test_mostly_missing_and_constant_columns_are_kept_and_told() -> None:
    lines = ["c,m,a,b,y", *(f"5,{i if i % 3 == 0 else ''},{row}" for i, row in enumerate(ROWS))]
    content = "\n".join(lines).encode()
    assert warning_details(content, "constant_column")["columns"] == ["c"]
    assert warning_details(content, "mostly_missing")["columns"] == ["m"]
    assert load_dataset(content).feature_names == ("c", "m", "a", "b")


def test_a_target_needs_several_classes_but_not_one_for_each_row() -> None:
    one = error_of(TABLE.replace(",B", ",A").encode())
    assert (one.kind, one.details["text"]) == ("target_single_class", "A")
    rows = "\n".join(f"{row}{i}" for i, row in enumerate(ROWS))
    each = error_of(f"a,b,y\n{rows}\n".encode(), target="y")
    assert (each.kind, each.details["count"]) == ("target_too_many_classes", 60)


def test_objects_are_refused_from_the_header_and_named() -> None:
    error = error_of(npz(X=np.array([[1, None]], dtype=object), y=np.zeros(1)))
    assert (error.kind, error.details["name"]) == ("pickle_refused", "X")


def test_npy_that_claims_800_terabytes_is_refused_before_it_is_allocated(tmp_path: Path) -> None:
    stream = io.BytesIO()
    npy.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": (10**11, 10**3)})
    (tmp_path / "huge.npy").write_bytes(stream.getvalue())
    assert error_of(tmp_path / "huge.npy").kind == "too_large"


def test_what_expands_beyond_the_bound_is_refused() -> None:
    bomb = gzip.compress(b"1,2,3\n" * 15_000_000, 1)
    assert error_of(bomb).kind == "too_large"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("X.npy", bytes(80 * 1024**2))
    assert error_of(stream.getvalue()).kind == "too_large"


@pytest.mark.parametrize("name", ["book.xlsx", "arrays.npz"])
@pytest.mark.parametrize("says", [100, 20 * 2**20])
def test_what_expands_to_more_than_it_says_is_refused_in_time(tmp_path: Path, name: str, says: int) -> None:
    """60 kB that say they hold little, and would fill 60 MB."""
    member = "xl/worksheets/sheet1.xml" if name == "book.xlsx" else "X.npy"
    members = {member: lying_bomb(60 * 2**20)}
    if name == "book.xlsx":
        with zipfile.ZipFile(CORPUS / "penguins.xlsx") as source:
            members |= {each: source.read(each) for each in source.namelist() if each != member}
    (tmp_path / name).write_bytes(lying_zip(members, {member: says}))
    tracemalloc.start()
    try:
        error = error_of(tmp_path / name)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (error.kind, error.details["member"]) == ("expands_beyond", member)
    assert peak < says + 8 * 2**20


def test_an_array_that_says_it_is_larger_than_its_member() -> None:
    stream = io.BytesIO()
    npy.write_array_header_1_0(stream, {"descr": "<f8", "fortran_order": False, "shape": (2**25, 2)})
    content = lying_zip({"X.npy": stream.getvalue() + bytes(1000)}, {})
    tracemalloc.start()
    try:
        error = error_of(content)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert error.kind == "truncated_file"
    assert peak < 16 * 2**20


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packing_that_cannot_be_bounded_is_refused(method: int) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        archive.writestr("X.npy", bytes(1000))
    assert error_of(stream.getvalue()).kind == "corrupt_file"


def test_a_corner_cell_is_found_wherever_a_tag_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = excel.member_blocks

    def small(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        for block in blocks(archive, entry):
            yield from (block[start : start + 7] for start in range(0, len(block), 7))

    monkeypatch.setattr(excel, "member_blocks", small)
    test_one_cell_in_the_last_corner_of_a_sheet_is_refused()


def lying_bomb(size: int) -> bytes:
    """A deflated stream of so many spaces, as it lies in an archive."""
    packer = zlib.compressobj(9, wbits=-15)
    block = b" " * 2**20
    return b"".join(packer.compress(block) for _ in range(size // 2**20)) + packer.flush()


def lying_zip(members: dict[str, bytes], says: dict[str, int]) -> bytes:
    """A zip of members; those in `says` are deflated streams, and it says that they have that size."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
        for entry in archive.infolist():
            if entry.filename in says:
                entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, says[entry.filename]
                entry.CRC = zlib.crc32(b" " * entry.file_size)  # of what it says
                stream.seek(entry.header_offset)
                stream.write(entry.FileHeader())
        stream.seek(archive.start_dir)
    return stream.getvalue()


def test_one_cell_in_the_last_corner_of_a_sheet_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(CORPUS / "penguins.xlsx") as source, zipfile.ZipFile(stream, "w") as changed:
        for entry in source.infolist():
            content = source.read(entry)
            corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            if entry.filename.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", corner)
            changed.writestr(entry.filename, content)
    assert error_of(stream.getvalue()).kind == "too_large"


def test_cut_files(tmp_path: Path) -> None:
    packed = gzip.compress(TABLE.encode())
    assert error_of(packed[:-12]).kind == "truncated_file"
    whole = (CORPUS / "iris.npz").read_bytes()
    assert error_of(whole[: len(whole) // 2]).kind == "corrupt_file"
    book = (CORPUS / "penguins.xlsx").read_bytes()
    (tmp_path / "book.xlsx").write_bytes(book[:100] + bytes(50) + book[150:])
    assert error_of(tmp_path / "book.xlsx").kind == "corrupt_file"


def test_pictures_and_labels_must_be_as_many(tmp_path: Path) -> None:
    images = (CORPUS / "digits-images-idx3-ubyte.gz").read_bytes()
    (tmp_path / "train-images-idx3-ubyte.gz").write_bytes(images)
    error = error_of(tmp_path / "train-images-idx3-ubyte.gz")
    assert (error.kind, error.details["expected"]) == ("need_target", "train-labels-idx1-ubyte.gz")
    labels = b"\0\0\x08\x01" + (199).to_bytes(4, "big") + bytes(199)
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(labels)
    error = error_of(tmp_path / "train-images-idx3-ubyte.gz")
    assert (error.kind, "200" in error.message, "199" in error.message) == ("shape_mismatch", True, True)


@pytest.mark.parametrize("content", [npz(y=np.arange(5)), b"y\n1\n2\n3\n"])
def test_labels_alone_need_features(content: bytes) -> None:
    assert error_of(content).kind == "need_features"


def test_arff_tells_line_and_name() -> None:
    head = "@relation r\n@attribute 'my x' numeric\n@attribute y {p, 'q r'}\n@data\n1.5,p\n% no\n2,'q r'\n"
    assert error_of((head + "1,s").encode()).details == {
        "line": 8,
        "column": 2,
        "name": "y",
        "text": "s",
    }
    bad = error_of((head + "1.x,p").encode())
    assert (bad.kind, bad.line, bad.column, bad.details["name"]) == ("bad_number", 8, 1, "my x")
    assert error_of((head + "1").encode()).details == {"line": 8, "expected": 2, "found": 1}
    assert error_of(head.replace("numeric", "{a").encode()).kind == "bad_header"


def test_libsvm_tells_line_and_text() -> None:
    def svm(line: str) -> bytes:
        return f"1 1:2 3:4\n-1 2:1\n# remark\n{line}\n1 1:3 2:5\n-1 1:1\n".encode()

    assert error_of(svm("a 1:2")).details == {"line": 4, "column": 1, "name": "label", "text": "a"}
    assert error_of(svm("1 1:2 2:x")).details["text"] == "2:x"
    order = error_of(svm("1 2:2 1:1"))
    assert (order.kind, order.line) == ("bad_index_order", 4)


def test_json_tells_the_line() -> None:
    lines = [json.dumps({"a": i, "y": "pq"[i % 2]}) for i in range(9)]
    lines[4] = '{"a": 1, "y'
    error = error_of("\n".join(lines).encode())
    assert (error.kind, error.line) == ("bad_json", 5)
    assert len(load_dataset("\n".join(lines).encode(), skip_bad_rows=True).inputs) == 8
    pretty = json.dumps([{"a": i, "y": "pq"[i % 2]} for i in range(9)], indent=1).replace(
        '"y": "q"', '"y" "q"', 1
    )
    error = error_of(pretty.encode())
    assert (error.kind, error.line) == ("bad_json", 8)
    assert error_of(b"[[1, 2, 0], [2, 3, 1], [3, 4], [5, 6, 0]]").kind == "ragged_row"
    assert error_of(b"[" * 100_000).kind == "bad_json"


@pytest.mark.parametrize(
    "content",
    [
        b"\x89HDF\r\n\x1a\n" + bytes(90),
        b"MATLAB 5.0 MAT-file, Platform: x" + bytes(90),
        b"\x80\x04\x95" + bytes(9),
    ],
    ids=["HDF5", "mat", "pickle"],
)
def test_other_formats_say_what_is_supported(content: bytes) -> None:
    error = error_of(content)
    assert error.kind == "unsupported_format"
    assert "CSV" in error.mend


def test_folders_and_absent_files(tmp_path: Path) -> None:
    assert error_of(tmp_path).kind == "unsupported_format"
    assert error_of(tmp_path / "absent.csv").kind == "cannot_read"


def test_options_that_cannot_be() -> None:
    content = TABLE.encode()
    assert error_of(content, encoding="klingon").kind == "unknown_encoding"
    assert error_of(content, encoding="hex").kind == "unknown_encoding"
    assert error_of(content, target="z").kind == "unknown_column"
    assert error_of(content, target=4).kind == "unknown_column"
    assert error_of(content, roles={"z": "skip"}).kind == "unknown_column"
    assert error_of(content, roles={"a": "friend"}).kind == "bad_option"
    assert error_of(content, delimiter="ab").kind == "bad_option"
    assert error_of(content, decimal=",", thousands=",").kind == "bad_option"
    assert error_of((CORPUS / "penguins.xlsx"), sheet="none").kind == "unknown_sheet"


def test_preview_shows_bad_rows_instead_of_raising() -> None:
    ragged = inspect(with_line(5, "1,2"))
    assert [(p.kind, p.line) for p in ragged.problems] == [("ragged_row", 5)]
    assert ragged.rows[3] == ("1", "2")
    assert ragged.bad_cells == {(3, 0), (3, 1)}
    number = inspect(with_line(5, "1.x,2,A"))
    assert (number.problems[0].kind, number.bad_cells, number.lines[3]) == ("bad_number", {(3, 0)}, 5)
    quote = inspect(with_line(5, '"1,2,A'))
    assert (quote.problems[0].kind, len(quote.rows)) == ("unterminated_quote", 3)


WIDE = 1_000_000


def wide_file(name: str) -> bytes:
    """A file of a million columns."""
    marks = {"semicolons": ";", "blanks": " ", "tabs": "\t"}
    row = marks.get(name, ",").join(["0.123"] * WIDE)
    heads = {
        "names": ",".join(f"c{i}" for i in range(WIDE)) + "\n",
        "below a title": "Yields of 2021\n\n",
        "arff": "@relation x\n" + "@attribute a numeric\n" * WIDE + "@data\n",
    }
    if name == "npz":
        return npz(X=np.zeros((2, WIDE), np.float32), y=[0, 1])
    if name == "svm":
        return b"1 1:0.5 1000000:2\n0 3:1 999999:1\n"
    if name == "json":
        return f"[[{row}], [{row}]]".encode()
    return f"{heads.get(name, '')}{row}\n{row}\n".encode()


@pytest.mark.parametrize(
    "name",
    ["plain", "semicolons", "blanks", "tabs", "names", "below a title", "arff", "npz", "svm", "json"],
)
def test_a_million_columns_are_answered_at_once(name: str) -> None:
    content = wide_file(name)
    for reader in (inspect, load_dataset):
        began = time.process_time()
        with pytest.raises(DatasetError) as raised:
            reader(content)
        assert time.process_time() - began < 2.0
        assert raised.value.kind == "too_many_columns"
        assert "50000 are read" in str(raised.value) and "Leave out columns" in raised.value.mend
