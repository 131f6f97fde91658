"""What MkDocs asks of the project when it builds the site."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def on_config(config: Any) -> Any:
    """Leave out of the navigation what nobody has written yet: its place is kept in ``mkdocs.yml``."""
    config.nav = _written(config.nav, Path(config.docs_dir))
    return config


def _written(entries: list[dict[str, Any]], docs: Path) -> list[dict[str, Any]]:
    kept = []
    for entry in entries:
        ((title, target),) = entry.items()
        if isinstance(target, list):
            target = _written(target, docs)
        elif not (docs / target).is_file():
            continue
        kept.append({title: target})
    return kept
