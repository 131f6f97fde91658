"""From bytes to characters: which encoding, and where it does not hold.

The order of the guesses: byte order mark, the pattern of NULs in UTF-16, strict UTF-8, damaged UTF-8, and
then the encoding whose letters best form words of one alphabet.
"""

from __future__ import annotations

import codecs
import io
import re
from dataclasses import dataclass
from typing import BinaryIO

from engine.data.alphabets import CLOSE, Candidate, candidates, encoding_name
from engine.data.data_warning import DataWarning
from engine.data.doubt import Guess, Reading
from engine.data.options import Watch
from engine.data.source import BLOCK, Source
from engine.errors import QT_TRANSLATE_NOOP, DatasetError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_MULTIBYTE_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]"
    rb"|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_BEYOND_ASCII = re.compile(rb"([A-Za-z]?)[\x80-\xff]+([A-Za-z]?)")


SURE = 0.55
"""A score that makes damaged UTF-8 the less likely explanation."""


@dataclass(frozen=True)
class Encoding:
    """The name of a codec, and how sure it is.

    Parameters
    ----------
    name : str
    guesses : tuple of Guess
    warnings : tuple of DataWarning
        Each guess beyond UTF-8 and its kin is told.
    """

    name: str
    guesses: tuple[Guess, ...] = ()
    warnings: tuple[DataWarning, ...] = ()


def find_encoding(source: Source, chosen: str | None, watch: Watch, limit: int | None = None) -> Encoding:
    """Check the chosen encoding, or find one.

    Parameters
    ----------
    source : Source
    chosen : str or None
    watch : Watch
    limit : int or None
        Bytes to look at; None means all.

    Returns
    -------
    Encoding

    Raises
    ------
    DatasetError
        ``unknown_encoding``, ``bad_encoding`` (with line and byte offset) or ``not_text``.
    """
    if chosen is not None:
        try:
            "".encode(chosen)  # also refuses codecs that turn bytes into bytes
        except (LookupError, ValueError):
            raise DatasetError("unknown_encoding", value=chosen) from None
        encoding: str | None = chosen
    else:
        encoding = _by_pattern(source.head)
    wide = encoding is not None and codecs.lookup(encoding).name.startswith(("utf-16", "utf-32"))
    failure = _scan(source, encoding or "utf-8", watch, limit, nul_is_binary=not wide)
    if failure is None:
        return Encoding(encoding or "utf-8")
    offset, line = failure
    if encoding is None:
        sample = source.head if offset < BLOCK else _around(source, offset)
        found = candidates(sample)
        if not _is_damaged(sample, found):
            return _guessed(sample, found, line)
    raise DatasetError(
        "bad_encoding",
        line=line,
        byte_offset=offset,
        encoding={"utf-8-sig": "utf-8", None: "utf-8"}.get(encoding, encoding),
    )


def decoding_error(source: Source, encoding: str, watch: Watch) -> DatasetError:
    """Make the error for text that turned out undecodable while it was read, with its place."""
    offset, line = _scan(source, encoding, watch, None, nul_is_binary=False) or (0, 1)
    return DatasetError("bad_encoding", line=line, byte_offset=offset, encoding=encoding)


def open_text(source: Source, encoding: str) -> tuple[io.TextIOWrapper, BinaryIO]:
    """Open the characters, line ends kept as they are, and the bytes below them."""
    stream = source.open()
    return io.TextIOWrapper(stream, encoding, errors="strict", newline=""), stream


def head_text(source: Source, encoding: str, cut_off: bool = False) -> str:
    """Decode the first characters: whole lines unless there is but one, or as `cut_off` as it is."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    whole = len(source.head) < BLOCK
    text = decoder.decode(source.head, final=whole)
    if whole or cut_off:
        return text
    cut = max(text.rfind("\n"), text.rfind("\r"))
    return text[: cut + 1] if cut > 0 else text


def _by_pattern(head: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding
    sample = head[: 1 << 16]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    # Latin letters, digits and delimiters leave a NUL in every second byte of UTF-16.
    if odd > 0.2 * len(sample) / 2 and even * 50 < odd:
        return "utf-16-le"
    if even > 0.2 * len(sample) / 2 and odd * 50 < even:
        return "utf-16-be"
    return None


def _scan(
    source: Source, encoding: str, watch: Watch, limit: int | None, nul_is_binary: bool
) -> tuple[int, int] | None:
    """Offset and line of the first byte that does not decode, or None; NULs are refused on the way."""
    # With its mark skipped, utf-8-sig would count offsets from after it.
    decoder = codecs.getincrementaldecoder("utf-8" if encoding == "utf-8-sig" else encoding)("strict")
    ascii_alike = codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "gb18030", "cp1252", "iso8859-1")
    offset, pending, lines, after_return = 0, b"", 1, False
    with source.open() as stream:
        while limit is None or offset < limit:
            block = stream.read(BLOCK)
            watch.tick()
            if nul_is_binary and 0 in block:
                place = block.index(0)
                line = lines + _line_ends(block[:place], after_return)
                raise DatasetError(
                    "not_text", line=line, what=QT_TRANSLATE_NOOP("errors", "a binary file with NUL bytes")
                )
            final = not block
            if pending or not (ascii_alike and block.isascii()):
                try:
                    decoder.decode(block, final=final)
                    pending = decoder.getstate()[0]
                except UnicodeError as error:
                    start = error.start if isinstance(error, UnicodeDecodeError) else 0
                    good = (pending + block)[:start]
                    before = good[len(pending) :]
                    return offset - len(pending) + start, lines + _line_ends(before, after_return, encoding)
            if final:
                return None
            lines += _line_ends(block, after_return, encoding)
            after_return = block.endswith(b"\r")
            offset += len(block)
    return None


def _line_ends(block: bytes, after_return: bool, encoding: str = "ascii") -> int:
    """Count line ends; CR LF is one, also when it straddles two blocks."""
    if encoding.startswith(("utf-16", "utf-32")):
        return block.count(b"\n")
    if b"\r" not in block:
        return block.count(b"\n") - (after_return and block.startswith(b"\n"))
    ends = block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n")
    return ends - (after_return and block.startswith(b"\n"))


def _around(source: Source, offset: int) -> bytes:
    with source.open() as stream:
        skip = max(0, offset - BLOCK)
        while skip > 0 and (block := stream.read(min(skip, BLOCK))):
            skip -= len(block)
        return source.head + stream.read(2 * BLOCK)


def _guessed(sample: bytes, found: list[Candidate], line: int) -> Encoding:
    """The likeliest encoding, and what else it could be."""
    if not found or (found[0].score < 0 and found[0].encoding != "cp1252"):
        found = [Candidate("latin-1", 0.0, "")]
    best = found[0]
    if best.encoding == "cp1252" and not _decodes(sample, "cp1252"):
        best = Candidate("latin-1", best.score, best.words)
    # What ties with the commonest of its kind gives the same letters.
    if best.encoding == "cp1250" and any(c.encoding == "cp1252" and c.score >= best.score for c in found):
        best = next(c for c in found if c.encoding == "cp1252")
    others = [c for c in found if c.encoding != best.encoding and c.words != best.words]
    readings = [Reading(encoding_name(best.encoding), {"encoding": best.encoding})]
    guess = Guess("encoding", readings[0], evidence=best.words, line=line)
    if others:
        second = others[0]
        other = Reading(second.shown, {"encoding": second.encoding})
        usual = (best.encoding, second.encoding) == ("cp1252", "cp1250")
        close = best.score - second.score < (CLOSE / 3 if usual else CLOSE)
        guess = Guess("encoding", readings[0], other, f"{best.words} / {second.words}", close, line=line)
    details = {"encoding": encoding_name(best.encoding), "words": best.words, "line": line}
    told = guess.warning or DataWarning("encoding_guessed", details)
    return Encoding(best.encoding, (guess,), () if told.kind.startswith("ambiguous") else (told,))


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_damaged(sample: bytes, found: list[Candidate]) -> bool:
    """Whether bytes that are not UTF-8 are UTF-8 with damage."""
    valid = _MULTIBYTE_UTF8.findall(sample)
    if not valid:
        return False
    beyond_ascii = len(sample) - sum(map(sample.count, (bytes([i]) for i in range(128))))
    invalid = beyond_ascii - sum(map(len, valid))
    forms_words = bool(found) and found[0].score >= SURE
    # Many an accented letter in UTF-8 is a common hanzi in GB18030 too, but it stands among letters.
    if len(valid) >= invalid:
        return not (forms_words and _among_letters(sample) < 0.5)
    # A stray run of several bytes is one damage, provided that the file is not in another alphabet.
    invalid_runs = len(_BEYOND_ASCII.findall(_MULTIBYTE_UTF8.sub(b"", sample)))
    return len(valid) >= invalid_runs and not forms_words


def _among_letters(sample: bytes) -> float:
    """Share of the stretches beyond ASCII that touch an ASCII letter."""
    stretches = _BEYOND_ASCII.findall(sample)
    return sum(1 for before, after in stretches if before or after) / max(1, len(stretches))
