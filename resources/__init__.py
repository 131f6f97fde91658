"""The program's own files: fonts, translations and data sets."""

from __future__ import annotations

from pathlib import Path

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
"""Codes of the languages, in their own words; ``i18n`` has .ts and .qm files of each (English: plurals)."""


def resource_path(*parts: str) -> Path:
    """Say where a bundled file or folder is.

    Parameters
    ----------
    *parts : str
        Its path below ``resources``, one name each: ``resource_path("fonts", "DejaVuSans.ttf")``.

    Returns
    -------
    Path
        Absolute; whether it is there is not looked at.
    """
    return Path(__file__).resolve().parent.joinpath(*parts)
