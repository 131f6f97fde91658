"""What libraries and the system say of a failure, in the user's language.

They speak English, and go into the middle of our sentences. What they say most often has its translation
here; of the rest another language than English gives no more than the kind of failure, where it has a name.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from engine.errors import QT_TRANSLATE_NOOP

UNKNOWN = QT_TRANSLATE_NOOP("foreign", "its contents are not as they should be")

_KNOWN = {
    # the system
    r"No such file or directory": QT_TRANSLATE_NOOP("foreign", "there is no such file or folder"),
    r"Permission denied|Operation not permitted": QT_TRANSLATE_NOOP("foreign", "it is not permitted"),
    r"Is a directory": QT_TRANSLATE_NOOP("foreign", "it is a folder"),
    r"Not a directory": QT_TRANSLATE_NOOP("foreign", "it is not a folder"),
    r"No space left on device|Disk quota exceeded": QT_TRANSLATE_NOOP("foreign", "no space is left"),
    r"Read-only file system": QT_TRANSLATE_NOOP("foreign", "the disk can only be read"),
    r"File name too long": QT_TRANSLATE_NOOP("foreign", "its name is too long"),
    r"Input/output error": QT_TRANSLATE_NOOP("foreign", "the disk does not answer as it should"),
    # TOML, JSON and Python
    r"Expected '=' after a key in a key/value pair|Invalid statement": QT_TRANSLATE_NOOP(
        "foreign", "this is not of the form name = value"
    ),
    r"Expected '\]+' at the end of an? (?:table|array) declaration|Unclosed array|Unclosed inline table"
    r"|.* was never closed": QT_TRANSLATE_NOOP("foreign", "a bracket is not closed"),
    r"Expected newline or end of document after a statement|Extra data": QT_TRANSLATE_NOOP(
        "foreign", "there is more than there should be"
    ),
    r"Invalid value|Expecting value|Invalid date or datetime": QT_TRANSLATE_NOOP(
        "foreign", "the value is not valid"
    ),
    r"Cannot overwrite a value|Cannot declare .* twice|Duplicate inline table key .*": QT_TRANSLATE_NOOP(
        "foreign", "a name is given twice"
    ),
    r"Unterminated string(?: starting at)?|unterminated string literal.*": QT_TRANSLATE_NOOP(
        "foreign", "a text has no closing quotation mark"
    ),
    r"Expecting '(.)' delimiter|expected '(.)'": QT_TRANSLATE_NOOP("foreign", "“{0}” is missing"),
    r"Expecting property name enclosed in double quotes": QT_TRANSLATE_NOOP(
        "foreign", "a name in double quotation marks is missing"
    ),
    r"(?:Found invalid|Illegal|Invalid control|invalid non-printable) character.*": QT_TRANSLATE_NOOP(
        "foreign", "there is a character that cannot stand here"
    ),
    r"invalid syntax.*": QT_TRANSLATE_NOOP("foreign", "the syntax is not valid"),
    r"unexpected indent|unindent does not match.*|expected an indented block.*|inconsistent use of tabs.*": (
        QT_TRANSLATE_NOOP("foreign", "the indentation is not right")
    ),
    # files of other programs
    r"File is not a zip file|.*[Bb]ad magic number.*|Not a gzipped file.*|.*not a ZIP.*|.*magic.*": (
        QT_TRANSLATE_NOOP("foreign", "it is a file of another kind")
    ),
    r"Bad CRC-32.*|CRC check failed.*|Error -3 while decompressing.*": QT_TRANSLATE_NOOP(
        "foreign", "its checksum is wrong"
    ),
    r"Compressed file ended.*|.*[Uu]nexpected end of (?:file|data).*|.*EOF.*|.*reading array data.*": (
        QT_TRANSLATE_NOOP("foreign", "it ends too early")
    ),
}

_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)")
_NAMED = re.compile(r"\w*(?:Error|Exception|Exit|Interrupt)\b")


def reason(text: str) -> str:
    """What a library or the system gave as its reason, as it can stand in a sentence of ours."""
    general = QCoreApplication.translate("foreign", UNKNOWN)
    if general == UNKNOWN or not re.search(r"[^\W\d]", text):  # English is spoken; or there is no word in it
        return text
    if place := _PLACE.fullmatch(text):
        what, line, column = place.groups()
        if line is None:
            return reason(what)
        said = QCoreApplication.translate("foreign", "line {line}, column {column}: {reason}")
        return said.format(line=line, column=column, reason=reason(what))
    for pattern, said in _KNOWN.items():
        if found := re.fullmatch(pattern, text):
            return QCoreApplication.translate("foreign", said).format(*filter(None, found.groups()))
    named = _NAMED.match(text)
    return named.group() if named else general
