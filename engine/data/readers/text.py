"""Tell text formats apart."""

from __future__ import annotations

import re

from engine.data.encoding import find_encoding, head_text
from engine.data.options import Watch
from engine.data.source import BLOCK, Source
from engine.errors import DatasetError

_BY_SUFFIX = {
    ".arff": "arff",
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".libsvm": "libsvm",
    ".svmlight": "libsvm",
    ".svm": "libsvm",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".tab": "delimited",
}
_SPARSE_LINE = re.compile(r"[^\s:,;]+(\s+qid:\d+)?(\s+\d+:[^\s:,;]+)+\s*(#.*)?")


def recognise_text(source: Source) -> str:
    """Tell the format of a text file, by its name or else by its first lines.

    Returns
    -------
    str
        ``delimited``, ``json``, ``arff`` or ``libsvm``.
    """
    if source.suffix in _BY_SUFFIX:
        return _BY_SUFFIX[source.suffix]
    try:
        text = head_text(source, find_encoding(source, None, Watch(), BLOCK))
    except DatasetError:
        return "delimited"  # whose reader says what is wrong, or minds an encoding that was chosen
    text = text.lstrip("\ufeff \t\r\n")
    if re.search(r"^@relation\b", text, re.IGNORECASE | re.MULTILINE):
        return "arff"
    if text.startswith(("{", "[{", "[[")) or re.match(r"\[\s*[\[{]", text):
        return "json"
    lines = [line for line in text.splitlines()[:20] if line.strip() and not line.startswith("#")]
    if lines and sum(1 for line in lines if _SPARSE_LINE.fullmatch(line.strip())) > len(lines) / 2:
        return "libsvm"
    return "delimited"
