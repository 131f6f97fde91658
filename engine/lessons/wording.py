"""The program's sentences in another language where there is no Qt: read off the translations themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree

from resources import LANGUAGES, resource_path

Say = Callable[[str], str]

_CONTEXTS = ("lessons", "derivation", "naming", "catalogue", "mistakes", "working", "rules", "errors")
"""Where sentences that a lesson prints are translated; of one that stands in several the first counts."""


def speaking(language: str) -> Say:
    """What turns the engine's English sentences into a language; those it does not know stay as they are."""
    if language == "en" or language not in LANGUAGES:
        return _same
    known = _sentences(language)
    return lambda text: known.get(text, text)


def _same(text: str) -> str:
    return text


@cache
def _sentences(language: str) -> dict[str, str]:
    path = resource_path("i18n", f"{language}.ts")
    if not path.exists():
        return {}
    by_context: dict[str, dict[str, str]] = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        found = by_context.setdefault(context.findtext("name") or "", {})
        for message in context.iter("message"):
            source, translation = message.findtext("source"), message.findtext("translation")
            if source and translation:
                found[source] = translation
    known: dict[str, str] = {}
    for name in reversed(_CONTEXTS):
        known.update(by_context.get(name, {}))
    return known
