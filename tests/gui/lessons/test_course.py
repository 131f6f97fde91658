"""Each lesson of the course, played through in the window in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from engine.lessons.lesson import Fault, Goal
from gui.lessons.cards import State
from gui.lessons.shelving import lesson_folders
from tests.conftest import PatientBot
from tests.gui.driver import Driver
from tests.gui.lessons.player import Player, right_answer, typical_mistake, wrong_answer

LESSONS = lesson_folders()


@pytest.fixture(scope="module")
def player(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Player]:
    window = Driver(PatientBot(request), size=(1440, 900))
    for name in ("expression_lab", "clinic"):  # they live as long as the window
        window.main.pages.open(name).hide()
    yield Player(window)
    window.main.appearance.set_language("en")
    window.close()


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name)
@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_it_is_played_through(player: Player, path: Path, language: str) -> None:
    player.main.appearance.set_language(language)
    player.open(path)
    keys = player.keys
    assert player.course.lesson.language == language
    for page in range(len(player.course.lesson.pages)):
        player.go_to(page)
        for card in player.cards:
            question = card.question
            if isinstance(question, Goal):
                player.reach(card)
            elif isinstance(question, Fault):
                player.find(card, right=False)
                assert card.state is State.OPEN and card.verdict.startswith("✗")
                player.find(card, right=True)
            else:
                player.give(card, wrong_answer(keys, question))
                assert card.state is State.OPEN and card.verdict.startswith("✗")
                hints = [hint for hint in player.course.lesson.hints(question.id) if hint.after == 1]
                assert bool(card.hints) == bool(hints)
                if (slip := typical_mistake(keys, question)) is not None:
                    player.give(card, slip)
                    assert card.state is State.OPEN and len(card.verdict) > len("✗ ")
                player.give(card, right_answer(keys, question))
            assert card.state is State.RIGHT and card.verdict.startswith("✓")
            reveals = player.course.lesson.reveals(question.id)
            assert bool(card.revealed) == any(reveal.text for reveal in reveals)
            player.settle()
    assert player.lessons.progress.share(player.course.question_ids) == 1.0
    player.lessons.start_again()
    player.lessons.close()
    player.wait(lambda: player.main.frame is not None and not player.main.document.is_aside)
