"""The program's own files: fonts, icons, translations, data sets and lessons."""

from __future__ import annotations

from pathlib import Path


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
