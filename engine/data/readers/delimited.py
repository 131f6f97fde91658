"""CSV and its kin: fields between delimiters, or in columns aligned by spaces."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import islice

from engine.data.cells import Cell, as_text
from engine.data.encoding import decoding_error, find_encoding, head_text, open_text
from engine.data.frame import Described, Framed, declare
from engine.data.layout import WHITESPACE, Layout, find_layout, single_spaces
from engine.data.options import CHUNK_ROWS, ReadOptions, Watch
from engine.data.source import BLOCK, Source
from engine.data.table import MAX_COLUMNS, Chunk, Records, check_width
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

_MAX_CHUNK_CELLS = 200_000
"""A chunk of wide rows is shorter, so that cancelling stays prompt."""


def read(source: Source, options: ReadOptions, watch: Watch, limit: int | None) -> Records:
    """Find the layout and prepare to read the records.

    Raises
    ------
    DatasetError
        ``bad_encoding``, ``not_text``, ``empty_file``, ``too_many_columns``; while reading
        ``unterminated_quote``, ``stray_quote``.
    """
    found = find_encoding(source, options.encoding, watch, None if limit is None else 8 * BLOCK)
    encoding = found.name
    text = head_text(source, encoding)
    if not text.strip("\ufeff \t\r\n\0\x1a"):
        raise DatasetError("empty_file")
    _check_readable(text)
    _check_width(head_text(source, encoding, cut_off=True), options.delimiter)
    layout = find_layout(text, options)
    table = _Delimited(source, encoding, layout, watch)
    declared, header_line = table.header()
    names = declared.names if declared is not None else None
    width = len(names) if names is not None else layout.width
    settings = {
        "encoding": encoding,
        "delimiter": layout.delimiter,
        "header": layout.heading.rows > 0,
        "skip_lines": layout.skip_lines,
    }
    if limit is not None:
        lines = text.count("\n") or text.count("\r") or 1
        size = source.size if not source.compression else source.size * len(source.head) // _packed(source)
        settings["row_estimate"] = max(1, round(lines * size / len(source.head)))
    table.chunk_rows = max(1, min(CHUNK_ROWS, _MAX_CHUNK_CELLS // max(1, width)))
    framed = Framed(names, width, layout.trailing)
    above = [*layout.above, *table.described]
    return Records(
        width,
        lambda: framed.chunks(table.chunks()),
        names,
        header_line,
        commas_split=layout.delimiter == ",",
        types=list(declared.types) if declared is not None and declared.types else [],
        roles=declared.roles if declared is not None else {},
        left_out=lambda: [*above, *framed.left_out],
        settings=settings,
        warnings=list(found.warnings),
        guesses=[*found.guesses, *layout.guesses],
    )


def _packed(source: Source) -> int:
    """How many compressed bytes the head took, for an estimate of the whole."""
    with source.open() as stream:
        stream.read(len(source.head))
        return max(1, round(source.share_read(stream) * source.size))


def _check_width(text: str, delimiter: str | None) -> None:
    """Refuse a wide table before its fields are looked at one by one, by what parts them most often."""
    for line in text.split("\n"):
        if len(line) <= MAX_COLUMNS:
            continue
        fields = len(line.split()) if delimiter in (None, WHITESPACE) else 0
        marks = delimiter or ",;\t|"
        check_width(max(fields, 1 + max(map(line.count, marks if marks != WHITESPACE else " "))))


def _check_readable(text: str) -> None:
    """Refuse what decodes but is no writing: more than a few control characters."""
    sample = text[:10_000]
    controls = [place for place, c in enumerate(sample) if c < " " and c not in "\t\r\n\f\x1a"]
    if "\0" in sample or len(controls) > 0.05 * len(sample):
        line = 1 + sample[: controls[0]].count("\n")
        raise DatasetError("not_text", line=line, what=QT_TRANSLATE_NOOP("errors", "a binary file"))


class _Delimited:
    """A delimited file of known layout, read as often as needed."""

    def __init__(self, source: Source, encoding: str, layout: Layout, watch: Watch) -> None:
        self._source = source
        self._encoding = encoding
        self._layout = layout
        self._watch = watch
        self.chunk_rows = CHUNK_ROWS
        self.described: list[int] = []
        """Lines of a heading that are not names."""

    def header(self) -> tuple[Described | None, int]:
        """What the first records say of the columns, if they are a header, and its line."""
        heading, width = self._layout.heading, self._layout.width
        if not heading.rows:
            return None, 1
        records = list(islice(self._records(None), heading.rows))
        if not records:
            raise DatasetError("no_rows")
        rows = [[as_text(cell) for cell in row] for _, row in records]
        names = rows[0]
        if self._layout.comment_header:
            names[0] = names[0].lstrip("#").strip()
            rows[0] = names = names[1:] if not names[0] and len(names) > width else names
        if self._layout.row_names:
            rows[0] = ["", *names]
        elif len(names) > width and not any(names[width:]):
            rows[0] = names[:width]
        if heading.style == "units":
            self.described = [line for line, _ in records[1:]]
            rows = rows[:1]
        return declare(rows, heading.style), records[0][0]

    def chunks(self) -> Iterator[Chunk]:
        """Read all records below the header."""
        share = [0.0]
        records = self._records(share)
        for _ in islice(records, self._layout.heading.rows):
            pass
        single = self._layout.width == 1
        lines: list[int] = []
        rows: list[list[Cell]] = []
        try:
            for line, row in records:
                if len(row) == 1 and not single and not as_text(row[0]):
                    continue  # a line of blanks
                if len(row) > 1 and not any(row):
                    continue  # a record that says nothing
                lines.append(line)
                rows.append(row)  # type: ignore[arg-type]
                if len(rows) == self.chunk_rows:
                    yield Chunk(lines, rows, [])
                    lines, rows = [], []
                    self._watch.tick(share[0])
        except DatasetError:
            yield Chunk(lines, rows, [])
            raise
        yield Chunk(lines, rows, [])

    def _records(self, share: list[float] | None) -> Iterator[tuple[int, list[str]]]:
        """Each record with the physical line it starts on; blank lines are none."""
        text, stream = open_text(self._source, self._encoding)
        with text:
            skip = self._layout.skip_lines
            first = skip + 1
            try:
                lines: Iterable[str] = text
                for _ in islice(text, skip):
                    pass
                if skip == 0 and self._encoding in ("utf-8", "utf-16-le", "utf-16-be"):
                    lines = _without_mark(text)
                escape = "\\" if self._layout.escapes else None
                if self._layout.delimiter == WHITESPACE:
                    reader = csv.reader(
                        map(single_spaces, lines),
                        delimiter=" ",
                        skipinitialspace=True,
                        strict=True,
                        escapechar=escape,
                        quotechar=self._layout.quote,
                    )
                else:
                    reader = csv.reader(
                        lines,
                        delimiter=self._layout.delimiter,
                        strict=True,
                        escapechar=escape,
                        quotechar=self._layout.quote,
                    )
                count = 0
                for row in reader:
                    if row:
                        yield first, row
                        count += 1
                        if share is not None and count % self.chunk_rows == 0:
                            share[0] = self._source.share_read(stream)
                    first = reader.line_num + skip + 1
            except UnicodeError:
                raise decoding_error(self._source, self._encoding, self._watch) from None
            except csv.Error:
                raise self._quote_error(first) from None

    def _quote_error(self, first: int) -> DatasetError:
        """Say where the quotation mark is that the record on line `first` does not close."""
        delimiter = " " if self._layout.delimiter == WHITESPACE else self._layout.delimiter
        quote = self._layout.quote
        text, _ = open_text(self._source, self._encoding)
        with text:
            quoted, closed, at_start = False, False, True
            column, opened = 1, (first, 1)
            for number, line in enumerate(islice(text, first - 1, None), first):
                for character in line:
                    if quoted:
                        if character == quote:
                            quoted, closed = False, True
                        continue
                    if closed and character == quote:
                        quoted, closed = True, False
                    elif character == quote and at_start:
                        quoted, at_start, opened = True, False, (number, column)
                    elif character == delimiter:
                        column, closed, at_start = column + 1, False, True
                    elif closed and character not in "\r\n":
                        kind = "stray_quote" if number == opened[0] else "unterminated_quote"
                        return DatasetError(kind, line=opened[0], column=opened[1])
                    elif not character.isspace():
                        at_start = False
                if not quoted:
                    break
        return DatasetError("unterminated_quote", line=opened[0], column=opened[1])


def _without_mark(lines: Iterable[str]) -> Iterator[str]:
    """Drop a byte order mark that the chosen encoding leaves in the text."""
    remaining = iter(lines)
    for line in remaining:
        yield line.removeprefix("\ufeff")
        break
    yield from remaining
