"""The pictures are of what they say."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gui.text.numbers import short
from tools.pictures import CASES, NETS, SIZES, Case, Photographer, chosen, make_sheets


def test_the_list_has_each_size_state_and_net_in_both_themes_and_languages() -> None:
    assert {case.size for case in CASES} == set(SIZES)
    assert {case.net for case in CASES} == set(NETS)
    states = {"rest", "forward", "backward", "update", "running", "diverged"}
    assert {case.state for case in CASES} == states
    assert {case.mode for case in CASES} == {"window", "present"}
    assert {case.scale for case in CASES} == {"1", "1.5", "2"}
    for size in SIZES:
        here = [case for case in CASES if case.size == size]
        assert {case.theme for case in here} == {"light", "dark"}
        assert {case.language for case in here} == {"en", "zh_CN"}
    assert len({case.name for case in CASES}) == len(CASES) < 50


def test_cases_are_chosen() -> None:
    some = chosen(["size=1024x600,1280x720", "theme=dark"], make=False)
    assert some and {case.size for case in some} == {"1024x600", "1280x720"}
    assert {case.theme for case in some} == {"dark"}
    assert chosen(["size=800x600", "language=en,zh_CN"], make=True) == (
        Case(size="800x600"),
        Case(size="800x600", language="zh_CN"),
    )
    with pytest.raises(ValueError, match="colour"):
        chosen(["colour=red"], make=False)


def test_pictures_are_taken_of_the_moment_and_size_that_are_asked_for(
    qapp: QApplication, tmp_path: Path
) -> None:
    cases = [Case(size="1100x700", theme="dark"), Case(net="4-3-2", state="rest", size="1100x700")]
    photographer = Photographer(tmp_path)
    try:
        paths = [photographer.take(cases[0])]
        frame = photographer.window.frame
        assert frame is not None and frame.record.step == 460
        assert short(frame.record.data_loss) == "0.7217"
        paths.append(photographer.take(cases[1]))
        assert photographer.window.frame.record.sizes == (4, 3, 2)
    finally:
        photographer.close()
    first, second = (QImage(str(path)) for path in paths)
    assert (first.width(), first.height()) == (1100, 700) == (second.width(), second.height())
    assert first.pixelColor(550, 2).lightness() < 60 < second.pixelColor(550, 2).lightness()
    make_sheets(cases, tmp_path)
    assert QImage(str(tmp_path / "sheet-1.png")).width() > 1900
    assert (tmp_path / "index.html").read_text().count("<figure>") == 2
