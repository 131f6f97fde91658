"""A lesson in the window: opened and closed, sealed, reloaded; one's own work and progress kept."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDockWidget, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.parts import Part
from engine.phases import Phase, PhaseKind
from engine.training.conditions import Breakpoint, LossBelow
from gui.document.examples import PRESETS
from gui.kept import LESSONS, Kept
from gui.lessons.cards import QuestionCard, State
from gui.lessons.printing import WorksheetDialog, write_worksheets
from gui.training.messages import Seek
from resources import resource_path
from tests.conftest import PatientBot
from tests.gui.driver import Driver
from tests.gui.lessons.player import Player, right_answer, wrong_answer

SMALL = Path(__file__).parents[2] / "data" / "lessons" / "small"


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    folder = tmp_path / "small"
    shutil.copytree(SMALL, folder)
    return folder


@pytest.fixture(scope="module")
def window(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[Driver]:
    window = Driver(PatientBot(request), size=(1440, 900))
    yield window
    window.close()


@pytest.fixture
def player(window: Driver) -> Iterator[Player]:
    """One window is for all, with nothing open in it; each lesson is a copy of its own, never answered."""
    yield Player(window)
    main = window.main
    main.presentation.end()
    main.resize(1440, 900)
    main.lessons.close()
    window.wait(lambda: not main.document.is_aside and main.frame is not None)
    window.wait(lambda: main.frame.generation == main.document.generation)
    main.breakpoints_panel.set_breakpoints(())
    assert not main.lessons.page.is_open and not main.document.locked


def rewrite(folder: Path, old: str, new: str) -> None:
    file = folder / "lesson.md"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def label(player: Player, name: str) -> QLabel:
    found = player.main.findChild(QLabel, name)
    assert found is not None
    return found


def test_the_work_waits_while_a_lesson_is_open_and_comes_back(player: Player, lesson: Path) -> None:
    window, main = player.window, player.main
    window.run(4)
    before = window.frame
    main.focus.select(Part("bias", 2, 1))
    main.breakpoints_panel.set_breakpoints((Breakpoint(LossBelow(0.001)),))
    player.open(lesson)
    assert main.document.is_aside and main.document.dataset.name != before.dataset.name
    assert not main.breakpoints_panel.breakpoints
    player.page.close_button.click()
    window.wait(lambda: window.frame.dataset is before.dataset)
    assert (window.frame.step, window.frame.record.data_loss) == (4, before.record.data_loss)
    window.wait(lambda: main.focus.part == Part("bias", 2, 1))
    assert main.breakpoints_panel.breakpoints and not main.document.is_aside
    assert not player.page.is_open


def test_closing_the_window_in_the_middle_keeps_work_and_progress(qtbot: QtBot, lesson: Path) -> None:
    window = Driver(qtbot, remember=True, size=(1440, 900))
    player = Player(window)
    window.run(3)
    experiment = window.frame.experiment
    player.open(lesson)
    player.go_to(1)
    card = player.card("w5")
    player.give(card, wrong_answer(player.keys, card.question))
    player.give(card, right_answer(player.keys, card.question))
    asked: list[bool] = []
    window.main.confirm_close = True
    window.main.session_desk._may_go = lambda then: (
        asked.append(  # type: ignore[method-assign]
            window.main.document.experiment == experiment and not window.main.document.is_aside
        )
        or True
    )
    window.close()
    assert asked == [True]
    kept = Kept().get(LESSONS)[str(lesson)]
    assert kept["page"] == 1 and kept["answers"][card.question.id]["right"]

    window = Driver(qtbot, remember=True, size=(1440, 900))
    player = Player(window)
    player.open(lesson)
    assert player.lessons.progress.page == 1
    card = player.card(card.question.id)
    assert card.state is State.RIGHT and card.revealed
    assert "First" in card.beside or "first" in card.beside
    window.close()


def test_an_answer_is_sealed_until_it_is_given_and_then_shown_in_the_graph(
    player: Player, lesson: Path
) -> None:
    player.open(lesson)
    player.go_to(1)
    assert player.window.frame.phase == Phase(PhaseKind.LOSS)
    first = player.card("grad")
    player.give(first, right_answer(player.keys, first.question))
    player.wait(lambda: player.window.frame.phase == Phase(PhaseKind.BACKWARD, 2))
    card = player.card("w5")
    assert card.revealed == "" and card.beside == ""
    player.give(card, wrong_answer(player.keys, card.question))
    player.settle()
    assert player.window.frame.phase == Phase(PhaseKind.BACKWARD, 2) and card.revealed == ""
    player.give(card, right_answer(player.keys, card.question))
    player.settle()
    player.wait(lambda: player.window.frame.updated)
    assert player.main.focus.part == Part("weight", 2, 0, 0)
    assert card.revealed and "0.3589" in card.beside


def test_a_number_that_a_mistake_gives_is_told_by_its_name(player: Player, lesson: Path) -> None:
    player.open(lesson)
    player.go_to(1)
    card, keys = player.card("grad"), player.keys
    explained = keys.record("mazur", 1)
    without_slope = float(explained.a[1][0, 0] * (explained.a[2][0, 0] - 0.01))
    player.give(card, repr(without_slope))
    assert "that of a mistake: The slope of the output's activation function is missing." in card.verdict
    assert card.hints == ""
    player.give(card, repr(without_slope))
    assert card.hints


def test_what_is_no_number_is_told_at_once(player: Player, lesson: Path) -> None:
    player.open(lesson)
    player.go_to(1)
    card = player.card("w5")
    QTest.keyClicks(card.answer.field, "abc")  # type: ignore[attr-defined]
    assert not card.check.isEnabled()
    assert "abc" in card.answer.missing


def test_a_goal_holds_settings_and_shows_the_lock(player: Player, lesson: Path) -> None:
    player.open(lesson)
    player.go_to(2)
    card = player.card("fast")
    player.pose(card)
    document = player.main.document
    assert document.is_locked("loss") and document.is_locked("layers")
    row = player.main.findChild(QWidget, "loss.lock")
    assert row is not None and not row.isHidden()
    player.main.edits.new_seed()
    player.reach(card)
    assert not document.locked and row.isHidden()
    assert card.verdict.startswith("✓")
    player.go_to(1)
    player.go_to(2)
    assert player.card("fast").state is State.RIGHT


def test_a_goal_begins_at_the_beginning(player: Player, lesson: Path) -> None:
    player.open(lesson)
    player.window.run(3)
    player.go_to(2)
    player.wait(lambda: player.window.frame.furthest == 0)


def test_another_experiment_in_between_is_said_and_left_again(player: Player, lesson: Path) -> None:
    player.open(lesson)
    preset = PRESETS["xor"]
    player.main.open_example(preset)
    player.wait(lambda: player.window.frame.dataset.name == preset.dataset.name)
    assert not label(player, "lessonAside").isHidden()
    player.page.back_to_it.click()
    player.wait(lambda: player.window.frame.dataset.name != preset.dataset.name)
    assert label(player, "lessonAside").isHidden()


# -- presented ---------------------------------------------------------------------------------------------


def test_presented_it_is_sealed_until_space(player: Player, lesson: Path) -> None:
    player.open(lesson)
    player.go_to(1)
    player.main.resize(1280, 720)
    player.window.action("presentAction").trigger()
    card = player.cards[0]
    assert card.check.isHidden() and card.show_answer.isHidden() and not card.answer.isEnabled()
    assert player.main.findChild(QDockWidget, "lessonsDock").isVisible()  # type: ignore[union-attr]
    player.wait(lambda: player.page.width() > 0.4 * 1280)
    space = player.main.findChild(QShortcut, "presentSpace")
    assert space is not None and space.isEnabled()
    assert player.main.run_controls.run_action.shortcut().isEmpty()
    space.activated.emit()
    assert card.state is State.SHOWN and card.beside
    player.wait(lambda: player.stage.is_settled)
    while any(card.state is State.OPEN for card in player.cards):
        space.activated.emit()
    space.activated.emit()
    assert player.lessons.progress.page == 2
    player.main.presentation.end()
    assert player.main.run_controls.run_action.shortcut().toString() == "Space"
    assert not player.page.close_button.isHidden()


# -- the file ----------------------------------------------------------------------------------------------


def test_it_is_read_again_when_its_file_changes(player: Player, lesson: Path, qtbot: QtBot) -> None:
    player.open(lesson)
    player.go_to(1)
    player.window.run(0)
    generation = player.main.document.generation
    with qtbot.waitSignal(player.lessons.reloaded):
        rewrite(lesson, "And what will $w^{(2)}_{11}$ be", "Which number will $w^{(2)}_{11}$ be")
    assert "Which number" in player.card("w5").text.markdown
    assert player.lessons.progress.page == 1
    assert player.main.document.generation == generation  # what runs goes on


def test_what_is_wrong_is_said_with_its_place_and_the_lesson_stays(
    player: Player, lesson: Path, qtbot: QtBot
) -> None:
    player.open(lesson)
    player.go_to(1)
    generation = player.main.document.generation
    with qtbot.waitSignal(player.lessons.reloaded):
        rewrite(lesson, 'target="w[2,1,1, after]"', 'target="w[2,9,1, after]"')
    text = (lesson / "lesson.md").read_text(encoding="utf-8")
    line = next(n for n, one in enumerate(text.split("\n"), 1) if "w[2,9,1" in one)
    assert f"Line {line}, column" in player.page.problems
    assert player.cards and player.main.document.generation == generation
    with qtbot.waitSignal(player.lessons.reloaded):
        rewrite(lesson, "w[2,9,1, after]", "w[2,1,1, after]")
    assert player.page.problems == ""


def test_another_weight_is_another_key(player: Player, lesson: Path, qtbot: QtBot) -> None:
    player.open(lesson)
    player.go_to(1)
    before = right_answer(player.keys, player.card("w5").question)
    generation = player.main.document.generation
    with qtbot.waitSignal(player.lessons.reloaded):
        rewrite(lesson, "[[0.40, 0.50]", "[[0.70, 0.50]")
    after = right_answer(player.keys, player.card("w5").question)
    assert before != after
    assert player.main.document.generation > generation
    player.settle()
    assert player.window.frame.record.weights_before[1][0, 0] == 0.7


def test_a_broken_lesson_is_not_opened_but_told(player: Player, lesson: Path) -> None:
    rewrite(lesson, "minutes = 5", 'minutes = "five"')
    player.lessons.open(lesson)
    player.wait(lambda: bool(player.page.problems))
    assert "Line" in player.page.problems and not player.main.document.is_aside
    rewrite(lesson, 'minutes = "five"', "minutes = 5")
    player.wait(lambda: player.lessons.is_open)
    assert player.page.problems == ""


def test_a_file_that_is_none_is_told(player: Player, tmp_path: Path) -> None:
    (tmp_path / "x.bplesson").write_bytes(b"no archive")
    player.lessons.open(tmp_path / "x.bplesson")
    player.wait(lambda: bool(player.page.problems))
    assert "x.bplesson" in player.page.problems


# -- results and worksheets --------------------------------------------------------------------------------


def test_results_are_written_as_json_and_as_a_table(player: Player, lesson: Path, tmp_path: Path) -> None:
    player.open(lesson)
    player.go_to(1)
    card = player.card("w5")
    player.give(card, "7.5")
    player.give(card, right_answer(player.keys, card.question))
    for name in ("results.json", "results.csv"):
        player.lessons.write_results(tmp_path / name)
        player.wait((tmp_path / name).exists)
    player.wait(lambda: "results.csv" in player.window.bar.text)
    rows = {row["question"]: row for row in json.loads((tmp_path / "results.json").read_text("utf-8"))}
    assert (rows["w5"]["answered"], rows["w5"]["tries"], rows["w5"]["first"]) == ("right", 2, "7.5")
    assert rows["grad"]["answered"] == "open"
    table = (tmp_path / "results.csv").read_text("utf-8-sig").split("\n")
    assert table[0].startswith("lesson,title,seed,question")
    assert any(line.startswith("small,") and ",w5,predict,right,2,7.5," in line for line in table)


def test_a_worksheet_is_printed_from_the_menu(player: Player, lesson: Path, tmp_path: Path) -> None:
    action = player.main.findChild(QAction, "worksheetAction")
    assert action is not None and not action.isEnabled()
    player.open(lesson)
    assert action.isEnabled()
    action.trigger()
    dialog = player.main.findChild(WorksheetDialog)
    assert dialog is not None
    dialog.count.setValue(2)
    dialog.solution.setChecked(True)
    dialog.accepted_as.emit(tmp_path / "sheet.html")
    player.wait((tmp_path / "sheet.html").exists)
    page = (tmp_path / "sheet.html").read_text("utf-8")
    assert page.count('class="sheet"') == 4
    dialog.reject()


def test_a_worksheet_can_be_pdf(qapp: object, lesson: Path, tmp_path: Path) -> None:
    write_worksheets(lesson, tmp_path / "sheet.pdf", "en", [1], "Letter", solution=False)
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")


# -- the shelf ---------------------------------------------------------------------------------------------


def test_the_shelf_has_the_course_in_the_language_of_the_window(player: Player) -> None:
    for language, title in (("zh_CN", "旋钮"), ("en", "knob")):
        player.main.appearance.set_language(language)
        player.lessons.show_shelf()
        player.wait(lambda title=title: any(title in o.title for o in player.page.shelf.offered))
    assert len(player.page.shelf.offered) == 12
    assert [offered.path.name[:2] for offered in player.page.shelf.offered] == [
        f"{n:02d}" for n in range(1, 13)
    ]
    button = player.page.shelf.findChild(QWidget, "lesson5Button")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    player.wait(lambda: player.lessons.is_open)
    assert player.course.path == resource_path("lessons") / "05-by-hand"
    assert isinstance(player.lessons.page.items, list)
    player.lessons.close()


def test_another_number_draws_other_numbers(player: Player, lesson: Path) -> None:
    player.open(lesson)
    player.go_to(3)
    before = right_answer(player.keys, player.card("own").question)
    player.lessons.take_seed(7)
    player.wait(lambda: player.course.keys.seed == 7)
    assert right_answer(player.keys, player.course.lesson.question("own")) != before


def test_seeking_by_hand_does_not_answer(player: Player, lesson: Path) -> None:
    player.open(lesson)
    player.go_to(1)
    number = player.main.submit(Seek(1))
    player.wait(lambda: player.window.frame.request >= number)
    assert all(card.state is State.OPEN for card in player.cards if isinstance(card, QuestionCard))


def test_the_last_frame_of_a_run_is_looked_at_though_another_was_just_then(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, looked = Event(), []

    def slow(*arguments: Any) -> bool:
        looked.append(arguments)
        return len(looked) > 1 or (go_on.wait(30) and False)

    player.open(resource_path("lessons", "11-learning-rate"))
    pages = player.course.lesson.pages
    player.go_to(next(n for n, page in enumerate(pages) if any(getattr(s, "id", "") == "edge" for s in page)))
    card = player.card("edge")
    player.pose(card)
    player.settle()
    player.wait(lambda: not player.lessons._looking)
    monkeypatch.setattr("gui.lessons.desk.meets", slow)
    frame = player.main.frame
    assert frame is not None
    player.lessons.show_frame(frame)
    player.lessons.show_frame(frame)
    go_on.set()
    player.wait(lambda: card.state is State.RIGHT)
