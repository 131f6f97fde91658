"""Another role is looked at without reading the file again."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.data import load
from engine.data.load import inspect
from engine.data.options import ReadOptions
from engine.errors import DatasetError

ROWS = [f"{i * 0.37 + 4:.2f},{i * 7 % 23},{('oak', 'elm')[i % 2]}" for i in range(40)]
BAD = ["1o.5,3,oak", "2.5,oak"]


def facts(preview: load.Preview) -> list[object]:
    names = [name for name in preview.__dataclass_fields__ if name not in ("seen", "problems")]
    return [*(getattr(preview, name) for name in names), *map(str, preview.problems)]


@pytest.mark.parametrize("more", [[], BAD], ids=["good", "bad"])
@pytest.mark.parametrize(
    "options", [{"roles": {1: "skip"}}, {"target": "z"}, {"roles": {2: "target"}}], ids=str
)
def test_other_roles_show_what_a_new_look_shows(
    more: list[str], options: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "trees.csv"
    path.write_text("\n".join(["width,z,kind", *ROWS, *more]))
    chosen = ReadOptions(**options)  # type: ignore[arg-type]
    fresh, before = inspect(path, chosen), inspect(path)

    def no_reading(*arguments: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(load, "read", no_reading)
    again = inspect(path, chosen, after=before)
    assert facts(again) == facts(fresh)
    assert facts(inspect(path, after=again)) == facts(before)
    with pytest.raises(AssertionError, match="read again"):
        inspect(path, ReadOptions(types={2: "category"}), after=again)


def test_another_file_is_read(tmp_path: Path) -> None:
    before = inspect("\n".join(["width,z,kind", *ROWS]).encode())
    with pytest.raises(DatasetError):
        inspect(tmp_path / "gone.csv", after=before)
