"""The program's own files: fonts, translations and data sets."""

from __future__ import annotations

from pathlib import Path

LANGUAGES = {"en": "English", "zh_CN": "简体中文"}
"""Codes of the languages, each in its own words. All but English have a .ts and a .qm file in ``i18n``."""


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
