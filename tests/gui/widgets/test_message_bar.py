"""The message bar: one message at a time, what to do about it, and the progress of a task."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from gui.widgets.message_bar import MessageBar, Tone

pytestmark = pytest.mark.usefixtures("dressed")


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[MessageBar]:
    bar = MessageBar()
    qtbot.addWidget(bar)
    bar.resize(700, 40)
    yield bar


def test_it_is_hidden_until_there_is_something_to_say(bar: MessageBar) -> None:
    assert bar.isHidden() and bar.text == ""
    bar.say(Tone.ERROR, "Line 7 is short.", "Mend it.")
    assert bar.isVisible() and bar.text == "Line 7 is short. Mend it." and bar.tone is Tone.ERROR


def test_it_can_be_closed(bar: MessageBar, qtbot: QtBot) -> None:
    bar.say(Tone.WARNING, "Something.")
    close = bar.findChild(QToolButton, "closeMessageButton")
    assert close is not None
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert bar.isHidden()


def test_an_offer_is_taken_once_and_closes_it(bar: MessageBar, qtbot: QtBot) -> None:
    taken: list[int] = []
    bar.say(Tone.ERROR, "It cannot be read.", offer=("Import…", lambda: taken.append(1)))
    button = bar.findChild(QPushButton, "messageActionButton")
    assert button is not None and button.text() == "Import…"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert taken == [1] and bar.isHidden()
    bar.say(Tone.INFO, "Another.")
    assert button.isHidden()


def test_progress_gives_way_to_a_message_and_not_the_other_way_round(bar: MessageBar, qtbot: QtBot) -> None:
    bar.show_progress("Reading big.csv", 0.4)
    progress = bar.findChild(QProgressBar, "messageProgress")
    cancel = bar.findChild(QPushButton, "cancelTaskButton")
    assert progress is not None and cancel is not None and progress.value() == 400
    with qtbot.waitSignal(bar.cancel_requested):
        qtbot.mouseClick(cancel, Qt.MouseButton.LeftButton)
    bar.hide_progress()
    assert bar.isHidden()
    bar.say(Tone.ERROR, "Line 3 is wrong.")
    bar.hide_progress()
    assert bar.isVisible() and cancel.isHidden()


def test_several_offers_have_a_row_of_their_own(bar: MessageBar, qtbot: QtBot) -> None:
    taken: list[str] = []
    offers = [(name, lambda name=name: taken.append(name)) for name in ("one", "two", "three")]
    bar.say(Tone.ERROR, "It went wrong.", offer=offers[0], more=offers[1:])
    shown = [button for button in bar.findChildren(QPushButton) if button.isVisible()]
    assert [button.text() for button in shown] == ["one", "two", "three"]
    qtbot.mouseClick(shown[1], Qt.MouseButton.LeftButton)
    assert taken == ["two"] and bar.isHidden()
    bar.say(Tone.INFO, "Another.")
    assert not any(button.isVisible() for button in shown)
