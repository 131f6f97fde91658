"""The lessons of a window: opened, gone through page by page, reloaded, closed.

While a lesson is open the person's own work is put aside; it comes back when the lesson is closed, and
before the window is. What is computed of a lesson is computed on the second thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget
from shiboken6 import isValid

from engine.errors import EngineError
from engine.files.atomic import write_text
from engine.lessons.folder import SUFFIX
from engine.lessons.judging import Verdict
from engine.lessons.keys import FormulaMoment
from engine.lessons.lesson import Fault, Goal, Point, Question, Reveal, Show, Spot
from engine.lessons.materials import FormulaWithValues
from engine.phases import Phase, PhaseKind
from gui.kept import LESSON_FOLDER, LESSON_SEED, LESSONS, Kept
from gui.lessons.answers import BlanksAnswer, PlaceAnswer
from gui.lessons.cards import ClinicCard, GoalCard, QuestionCard, State
from gui.lessons.contents import Contents
from gui.lessons.course import Course, Opened, by_layer, judged, meets, open_course
from gui.lessons.page import PRESENTED, WIDTH, LessonsPage
from gui.lessons.printing import WorksheetDialog, write_worksheets
from gui.lessons.progress import MOST_LESSONS, Answered, Progress, as_csv, as_json, results
from gui.lessons.shelf import Offered
from gui.lessons.shelving import read_shelf
from gui.lessons.stage import WHOLE, Stage, place_of
from gui.lessons.wording import (
    goal_text,
    place_text,
    problems_text,
    solution_text,
    verdict_text,
)
from gui.style.fonts import px
from gui.text.errors import localized
from gui.text.plain import sentences
from gui.training.messages import Frame
from gui.training.tasks import Task, Tasks
from gui.widgets.message_bar import Tone

if TYPE_CHECKING:
    from gui.main_window import MainWindow

SETTLING = 200
"""Milliseconds that a lesson's file must rest before it is read again."""

LOOKS = 250
"""Milliseconds between two looks at a formula's values."""


class Lessons(QObject):
    """What the menu of lessons and their page ask for.

    Parameters
    ----------
    window : MainWindow
        All of whose panels, views and desks are there.
    tasks : Tasks
    remember : bool
        Whether progress is kept for the next start.

    Signals
    -------
    opened(), closed(), open_changed(bool)
    changed()
        What the menu shows may be another.
    reloaded()
        The file of the lesson has been read again.
    """

    opened = Signal()
    closed = Signal()
    open_changed = Signal(bool)
    changed = Signal()
    reloaded = Signal()

    def __init__(self, window: MainWindow, tasks: Tasks, *, remember: bool) -> None:
        super().__init__(window)
        self._window, self._tasks, self._kept = window, tasks, Kept(remember)
        self.page: LessonsPage = window.pages.views["lessons_page"]  # type: ignore[assignment]
        self.stage = Stage(window)
        self.course: Course | None = None
        self._progress = Progress()
        kept: dict[str, Any] = self._kept.get(LESSONS)
        self._all = dict(kept)
        self._at = 0
        self._contents: Contents | None = None
        self._posed: QuestionCard | None = None
        self._opening = 0
        self._looking = False
        self._unseen: tuple[QuestionCard, Callable[[], bool], int] | None = None
        self._watched: Path | None = None
        self._presented = False
        self._watcher = QFileSystemWatcher(self)
        self._settling, self._looks = QTimer(self), QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLING)
        self._looks.setInterval(LOOKS)
        self._looks.timeout.connect(self._look_at_formula)
        self._settling.timeout.connect(self._read_again)
        self._watcher.fileChanged.connect(self._file_changed)
        self._watcher.directoryChanged.connect(self._file_changed)
        page, focus = self.page, window.focus
        page.page_wanted.connect(self.go_to)
        page.close_requested.connect(self.close)
        page.language_changed.connect(self._language_changed)
        page.back_to_it.clicked.connect(self._set_scene)
        page.shelf.chosen.connect(self.open)
        page.shelf.open_requested.connect(self.choose)
        self.stage.failed.connect(self._say)
        focus.part_changed.connect(self._point)
        focus.sample_changed.connect(self._point_at_row)
        window.session_desk.wanted.connect(self.close)
        window.document.changed.connect(self._document_changed)
        dock = window.pages.docks["lessons_page"]
        dock.visibilityChanged.connect(self.take_room)

    # -- the shelf ---------------------------------------------------------------------------------

    @property
    def language(self) -> str:
        """The language of the window."""
        return self._window.appearance.language

    def show_shelf(self) -> None:
        """Show all lessons, or the one that is open."""
        self._window.pages.open("lessons_page")
        self.fill_shelf()

    def fill_shelf(self) -> None:
        """Put on the shelf what there is, with how far somebody is."""
        language, shares = self.language, self._shares()

        def work(task: Task) -> list[Offered]:
            return read_shelf(language, shares)

        def use(offered: list[Offered]) -> None:
            self.page.shelf.offer(offered)
            self.changed.emit()

        self._tasks.submit(Task("", work, use, self._say, quiet=True))

    def _shares(self) -> dict[str, float]:
        return {name: share for name, (share, _) in self._gone_through().items()}

    def _gone_through(self) -> dict[str, tuple[float, Progress]]:
        found = {}
        for name, plain in self._all.items():
            if isinstance(plain, Mapping):
                share = plain.get("share")
                found[name] = (float(share) if isinstance(share, int | float) else 0.0, Progress.read(plain))
        return found

    # -- open and close ----------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether there is a lesson."""
        return self.course is not None

    def choose(self) -> None:
        """Ask for a lesson from elsewhere: an archive, or the text in its folder."""
        kinds = self.tr("Lessons") + f" (*{SUFFIX} lesson.md)"
        folder = self._kept.get(LESSON_FOLDER)
        chosen, _ = QFileDialog.getOpenFileName(self._window, self.tr("Open lesson"), folder, kinds)
        if chosen:
            self._kept.keep(LESSON_FOLDER, str(Path(chosen).parent))
            self.open(Path(chosen))

    def open(self, path: Path) -> None:
        """Open a lesson; what is open stays until it is there."""
        path = path.parent if path.name == "lesson.md" else path
        name = lesson_name(path)
        seed = self._seed_of(name)
        self._opening += 1
        asked = self._opening

        def work(task: Task) -> Opened:
            return open_course(path, name, self.language, seed)

        def use(opened: Opened) -> None:
            if asked != self._opening:
                return
            if opened.course is None:
                self._say_broken(path, opened.problems)
            else:
                self._begin(opened.course)

        self._tasks.submit(Task(self.tr("Opening {0}").format(path.name), work, use, self._say))

    def _seed_of(self, name: str) -> int:
        plain = self._all.get(name)
        return Progress.read(plain).seed if isinstance(plain, Mapping) else self._kept.get(LESSON_SEED)

    def _say(self, error: EngineError) -> None:
        self._window.notices.say_error(error)

    def _say_broken(self, path: Path, problems: Sequence[EngineError]) -> None:
        """Show what is wrong with a lesson that has never been open, and read it again when it is mended."""
        if self.course is not None:
            self.close()
        self._window.pages.open("lessons_page")
        self.page.show_lesson(path.name)
        self.page.show_page([], 0, ())
        self.page.show_problems(problems_text(problems, has_old=False))
        self._watch(path)

    def _begin(self, course: Course) -> None:
        if self.course is not None:
            self._keep()
        self._window.tour.end()
        self.course = course
        plain = self._all.get(course.name)
        self._progress = Progress.read(plain)
        self._progress.seed = course.keys.seed
        self.stage.begin(course)
        self._window.pages.open("lessons_page")
        self.page.show_lesson(course.lesson.title)
        self.page.show_problems("")
        self._watch(course.path)
        self._show(min(self._progress.page, len(course.lesson.pages) - 1))
        self.opened.emit()
        self.open_changed.emit(True)
        self.changed.emit()

    def close(self) -> None:
        """Go back to one's own work; how far one is is kept."""
        self._opening += 1
        self._watch(None)
        self._looks.stop()
        if self.course is not None:
            self._keep()
            self.course = self._contents = None
            self.stage.end()
            self.closed.emit()
            self.open_changed.emit(False)
        if self.page.is_open:
            self.page.show_shelf()
            self.fill_shelf()
        self.changed.emit()

    def shut_down(self) -> None:
        """The window is to be closed: keep how far one is, and give the work back."""
        if self.course is not None:
            self.close()
        self._window.pages.docks["lessons_page"].hide()

    def start_again(self) -> None:
        """Forget what was answered in this lesson."""
        if self.course is not None:
            self._progress = Progress(seed=self.course.keys.seed)
            self._keep()
            self._show(0)

    def choose_seed(self) -> None:
        """Ask whose numbers are to be drawn, and begin the lesson with them."""
        text = self.tr(
            "Each number draws other values in the exercises, always the same for the same number."
        )
        seed, chosen = QInputDialog.getInt(
            self._window, self.tr("Student number"), text, self._kept.get(LESSON_SEED), 1, 999_999
        )
        if chosen:
            self.take_seed(seed)

    def take_seed(self, seed: int) -> None:
        """Draw the numbers of a student from now on; the lesson that is open begins anew if they differ."""
        self._kept.keep(LESSON_SEED, seed)
        if self.course is not None and seed != self.course.keys.seed:
            path = self.course.path
            self._progress = Progress(seed=seed)
            self._keep()
            self.open(path)

    # -- what is kept ------------------------------------------------------------------------------

    def _keep(self) -> None:
        course = self.course
        if course is None:
            return
        plain = self._progress.plain()
        plain["share"] = self._progress.share(course.question_ids)
        others = {name: one for name, one in self._all.items() if name != course.name}
        names = list(others)[-(MOST_LESSONS - 1) :]
        self._all = {**{name: others[name] for name in names}, course.name: plain}
        self._kept.keep(LESSONS, self._all)

    @property
    def progress(self) -> Progress:
        """How far one is in the lesson that is open."""
        return self._progress

    def save_results(self) -> None:
        """Ask where, and write what was answered in this lesson."""
        if self.course is None:
            return
        kinds = "CSV (*.csv);;JSON (*.json)"
        suggested = f"{self.course.lesson.name}-results.csv"
        chosen, _ = QFileDialog.getSaveFileName(self._window, self.tr("Save results"), suggested, kinds)
        if chosen:
            self.write_results(Path(chosen))

    def write_results(self, path: Path) -> None:
        """Write what was answered in this lesson: JSON, or a table."""
        course = self.course
        if course is None:
            return
        questions = [(question.id, question.kind) for question in course.lesson.questions]
        rows = results(course.lesson.name, course.lesson.title, questions, self._progress)
        text = as_json(rows) if path.suffix.lower() == ".json" else "\ufeff" + as_csv(rows)

        def work(task: Task) -> None:
            write_text(path, text)

        def use(_: None) -> None:
            self._window.notices.say_exported((path,))

        self._tasks.submit(Task(self.tr("Saving {0}").format(path.name), work, use, self._say))

    def print_worksheet(self) -> WorksheetDialog | None:
        """Ask what is to be printed of the lesson that is open, and write it."""
        course = self.course
        if course is None:
            return None
        dialog = WorksheetDialog(course.lesson.title, course.lesson.name, course.keys.seed, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted_as.connect(partial(self._write_worksheets, course.path, dialog))
        dialog.open()
        return dialog

    def _write_worksheets(self, lesson: Path, dialog: WorksheetDialog, to: Path) -> None:
        language, seeds, paper = self.language, dialog.seeds, dialog.size_of_paper
        solution = dialog.solution.isChecked()

        def work(task: Task) -> None:
            write_worksheets(lesson, to, language, seeds, paper, solution=solution)

        def use(_: None) -> None:
            self._window.notices.say_exported((to,))

        self._tasks.submit(Task(self.tr("Saving {0}").format(to.name), work, use, self._say))

    # -- the pages ---------------------------------------------------------------------------------

    def go_to(self, page: int) -> None:
        """Turn to a page; beyond the last the lesson is finished."""
        course = self.course
        if course is None:
            if page > self._at:
                self.close()
            return
        if page >= len(course.lesson.pages):
            self._progress.finished = True
            self._keep()
            done = self.tr("Lesson finished: {title}. Your own work is back.")
            title = course.lesson.title
            self.close()
            self._window.notices.say(Tone.INFO, done.format(title=title))
        elif page >= 0:
            self._show(page)

    def _show(self, page: int, *, stay: bool = False) -> None:
        course = self.course
        assert course is not None
        self._at = self._progress.page = page
        self._posed = None
        self._window.document.lock(())
        contents = self._contents = Contents(course, page, self.page, lambda: self.stage.frame)
        for card in contents.questions:
            card.answered.connect(partial(self._answer, card))
            card.shown.connect(partial(self._show_answer, card))
            card.pose_wanted.connect(partial(self._pose, card))
            if isinstance(card, GoalCard):
                card.over_wanted.connect(self._start_over)
            elif isinstance(card, ClinicCard):
                card.clinic_wanted.connect(partial(self._open_clinic, card))
            self._restore(card)
        for show_card, show in contents.shows:
            show_card.wanted.connect(partial(self._do, show))
        self.page.show_page(contents.items, page, self._done(), stay=stay)
        for question in course.question_ids:
            if self._progress.of(question).is_done:
                contents.show_answered(question)
        self._set_sealed()
        self._keep()
        self._set_scene()

    def _done(self) -> list[bool]:
        course = self.course
        assert course is not None
        return [
            all(self._progress.of(step.id).is_done for step in page if isinstance(step, Question))
            and index <= max(self._at, self._progress.page)
            for index, page in enumerate(course.lesson.pages)
        ]

    def _restore(self, card: QuestionCard) -> None:
        """Show what was answered before."""
        one = self._progress.of(card.question.id)
        if one.tries:
            card.answer.give(one.tries[-1]["answer"])
        if one.is_done:
            self._tell(card, one)
        elif one.wrong:
            self._hint(card, one)

    # -- the scene ---------------------------------------------------------------------------------

    @property
    def _open_card(self) -> QuestionCard | None:
        """The first question of the page that is not answered."""
        cards = () if self._contents is None else self._contents.questions
        return next((card for card in cards if card.state is State.OPEN), None)

    def _set_scene(self) -> None:
        """Have the window show what the page is about, and nothing that is still asked for."""
        course, contents = self.course, self._contents
        if course is None or contents is None:
            return
        card = self._open_card
        self._pose(card)
        if card is not None:
            self.page.set_astray(self.stage.is_astray)
            return
        if contents.questions:
            last = contents.questions[-1]
            if not isinstance(last.question, Goal):
                self._reveal_in_window(last, look=False)
            elif self.stage.name != last.question.experiment:
                self.stage.bring(last.question.experiment)
        elif contents.shows:
            self._do(contents.shows[0][1], by_itself=True)
        elif contents.experiment in course.materials and (not self.stage.name or self.stage.is_astray):
            self.stage.bring(contents.experiment)
        self.page.set_astray(self.stage.is_astray)

    def _pose(self, card: QuestionCard | None) -> None:
        """Have the window show what a question is about; with None it is about none."""
        self._posed = card
        self._window.document.lock(())
        self._looks.stop()
        for other in () if self._contents is None else self._contents.questions:
            other.set_posed(other is card or self._needs_nothing(other))
        if card is not None:
            self._set_question(card)

    def _needs_nothing(self, card: QuestionCard) -> bool:
        """Whether a question can be asked with what the window shows now."""
        course, posed, question = self.course, self._posed, card.question
        assert course is not None
        if isinstance(question, Goal):
            return False
        if isinstance(question, Fault) or posed is None:
            return True
        return question.experiment == posed.question.experiment

    def _set_question(self, card: QuestionCard) -> None:
        course, question = self.course, card.question
        assert course is not None and self._contents is not None
        first = self._contents.before(card)
        if first is not None and self.stage.name != question.experiment:
            self.stage.bring(question.experiment)
            self._do(first, by_itself=True)
        self.stage.bring(question.experiment, anew=isinstance(question, Goal) and self.stage.has_run)
        if isinstance(question, Goal):
            self._window.document.lock(question.locked)
            if isinstance(course.materials[question.experiment], FormulaWithValues):
                self._looks.start()
            return
        self._seal_formula()
        if course.asked[question.id].quantity is not None:
            self.stage.go(question.step, self._sealed(question))
            self._window.focus.show_sample(question.sample - 1)

    def _seal_formula(self) -> None:
        """Hide the derivatives of a formula as long as one of them is still asked for."""
        course = self.course
        assert course is not None
        material = course.materials.get(self.stage.name)
        if isinstance(material, FormulaWithValues):
            self.stage.seal_formula(
                any(
                    course.asked[one.id].derived and not self._progress.of(one.id).is_done
                    for one in course.lesson.questions
                    if one.experiment == self.stage.name and not isinstance(one, Goal)
                )
            )

    def _sealed(self, question: Question) -> Phase:
        """How much of a step is shown while a question about it is open.

        Nothing that is asked for; of the backward pass only what other questions have brought to light.
        """
        course = self.course
        assert course is not None
        hidden = course.asked[question.id].quantity
        assert hidden is not None
        phases = by_layer(len(layers_of(course, question)))
        known = [
            course.asked[one.id].quantity
            for one in course.lesson.questions
            if (one.experiment, one.step) == (question.experiment, question.step)
            and self._progress.of(one.id).is_done
        ]
        loss = phases.index(Phase(PhaseKind.LOSS))
        shown = max([loss, *(phases.index(phase) for phase in known if phase is not None)])
        return phases[max(0, min(phases.index(hidden) - 1, shown))]

    def _do(self, show: Show, *, by_itself: bool = False) -> None:
        """Show what a block wants to be looked at; nobody trains `by_itself`."""
        course = self.course
        if course is None:
            return
        if show.experiment in course.materials:
            self.stage.bring(show.experiment)
            self._seal_formula()
        if show.step is not None or show.view == "listing":
            self.stage.go(show.step or 1, WHOLE)
        self.stage.look(show.view, show.select, show.sample)
        if show.run is not None and not by_itself:
            self.stage.train(show.run)

    # -- answers -----------------------------------------------------------------------------------

    def _answer(self, card: QuestionCard) -> None:
        course, question = self.course, card.question
        answer = card.answer.given
        if course is None or answer is None:
            return

        def work(task: Task) -> Verdict:
            return judged(course, question, answer)

        def use(verdict: Verdict) -> None:
            if self._is_here(card):
                self._take_verdict(card, answer, verdict)

        def fail(error: EngineError) -> None:
            if self._is_here(card):
                card.say(sentences(*localized(error)), "bad")

        self._tasks.submit(Task("", work, use, fail, quiet=True))

    def _is_here(self, card: QuestionCard) -> bool:
        """Whether a card is still on the page."""
        return self._contents is not None and card in self._contents.questions

    def _take_verdict(self, card: QuestionCard, answer: Any, verdict: Verdict) -> None:
        one = self._progress.of(card.question.id)
        plain = list(answer) if isinstance(answer, tuple) else answer
        slips = [slip.name for part in (verdict, *verdict.parts) for slip in part.slips]
        one.add(plain, verdict.right, slips)
        card.say(verdict_text(card.question, verdict), "good" if verdict.right else "bad")
        if isinstance(card.answer, BlanksAnswer):
            card.answer.judge([part.right for part in verdict.parts])
        if verdict.right:
            self._finish(card)
        else:
            self._hint(card, one)
        self._keep()

    def _hint(self, card: QuestionCard, one: Answered) -> None:
        course = self.course
        assert course is not None
        hints = [hint for hint in course.lesson.hints(card.question.id) if hint.after <= one.wrong]
        card.hint([course.text(hint) for hint in hints])

    def _show_answer(self, card: QuestionCard) -> None:
        """Tell the answer to who wants to see it."""
        if card.state is State.OPEN:
            self._progress.of(card.question.id).shown = True
            card.say("", "note")
            self._finish(card)
            self._keep()

    def _finish(self, card: QuestionCard) -> None:
        """A question is answered: tell it on the page and show it in the window."""
        self._tell(card, self._progress.of(card.question.id))
        assert self._contents is not None
        self.page.show_done(self._done())
        self._looks.stop()
        self._window.document.lock(())
        self._reveal_in_window(card, look=True)
        following = self._open_card
        if self._posed is card and following is not None and self._needs_nothing(following):
            self._posed = following

    def _tell(self, card: QuestionCard, one: Answered) -> None:
        course, question = self.course, card.question
        assert course is not None and self._contents is not None
        asked = course.asked[question.id]
        right = asked.right
        if isinstance(question, Point) and not right:
            right = " · ".join(
                place_text(place, question.what, self.stage.frame) for place in asked.key.places[:4]
            )
        elif isinstance(question, Goal):
            right = solution_text(question) if one.shown and not one.right else ""
        elif asked.planted is not None:
            right = self._contents.fault_text(asked.planted)
        guess = self._contents.in_words(question, one.tries[0]["answer"]) if one.tries else ""
        card.set_state(State.RIGHT if one.right else State.SHOWN)
        if one.right and not card.verdict:
            card.say(verdict_text(question, Verdict(True)), "good")
        text = "\n\n".join(course.text(reveal) for reveal in course.lesson.reveals(question.id))
        card.reveal(guess, right, text)

    def _reveal_in_window(self, card: QuestionCard, *, look: bool) -> None:
        """Show an answer where it stands in the window, and select what it is about."""
        course, question = self.course, card.question
        assert course is not None
        asked = course.asked[question.id]
        if isinstance(question, Goal | Fault):
            return
        self.stage.bring(question.experiment)
        self._seal_formula()
        if asked.quantity is not None:
            following, phase = self._open_card, asked.quantity
            if following is not None and self._is_sealed_with(following.question, question):
                phases = by_layer(len(layers_of(course, question)))
                phase = min(phase, self._sealed(following.question), key=phases.index)
            self.stage.go(question.step, phase)
        reveals = course.lesson.reveals(question.id)
        reveal = next((one for one in reveals if one.select is not None or one.view), None)
        self._look_at(question, reveal, look)

    def _is_sealed_with(self, one: Question, other: Question) -> bool:
        """Whether a question that is open is about the same step as another."""
        course = self.course
        assert course is not None
        same = (one.experiment, one.step) == (other.experiment, other.step)
        return same and course.asked[one.id].quantity is not None

    def _look_at(self, question: Question, reveal: Reveal | None, look: bool) -> None:
        course = self.course
        assert course is not None and self._contents is not None
        view = "" if reveal is None or not look else reveal.view
        select = None if reveal is None else reveal.select
        key = course.asked[question.id].key
        if select is None and isinstance(question, Point) and question.what in ("unit", "weight", "layer"):
            select = key.places[0]
        if select is None:
            select = self._contents.looked_at_by(question)
        is_row = isinstance(question, Point) and question.what == "sample"
        sample = int(key.places[0][0]) if is_row else question.sample
        if course.asked[question.id].quantity is not None:
            self.stage.look(view, select, sample)
        elif view:
            self.stage.look(view, None, None)

    # -- what is clicked ---------------------------------------------------------------------------

    def _point(self, part: object) -> None:
        card = self._posed
        if card is not None and isinstance(card.answer, PlaceAnswer) and part is not None:
            card.answer.point(place_of(part))  # type: ignore[arg-type]

    def _point_at_row(self, sample: int) -> None:
        card = self._posed
        if card is not None and isinstance(card.answer, PlaceAnswer) and card.answer.kind == "sample":
            card.answer.point((sample + 1,))

    # -- goals -------------------------------------------------------------------------------------

    def show_frame(self, frame: Frame) -> None:
        """Follow the window: whether the goal is met, and whether it is still the lesson's network."""
        if self.course is None:
            return
        self.stage.show_frame(frame)
        self.page.set_astray(self.stage.is_astray)
        if self._contents is not None and self.stage.frame is not None:
            for listing in self._contents.listings:
                listing.show_frame(frame)
        self._look_at_goal(frame)

    def show_passing(self, frame: Frame) -> None:
        """Look whether the goal is met; nothing is said of what passes faster than it can be read."""
        if self.course is not None:
            self.stage.show_frame(frame)
            self._look_at_goal(frame, says=False)

    def _look_at_goal(self, frame: Frame, *, says: bool = True) -> None:
        assert self.course is not None
        card = self._posed
        if card is None or not isinstance(card.question, Goal) or self.stage.frame is None:
            return
        if card.state is not State.OPEN:
            return
        if self.stage.name != card.question.experiment:
            return
        made = frame.record.step - 1
        if says:
            card.say(goal_text(card.question, frame.step), "note")
        if made <= card.question.within:
            self._ask_goal(card, partial(meets, self.course, card.question, frame), made)

    def _ask_goal(self, card: QuestionCard, is_met: Callable[[], bool], step: int) -> None:
        """Look whether a goal is met; of what comes meanwhile the newest is looked at next."""
        if self._looking:
            self._unseen = (card, is_met, step)
            return
        self._looking = True

        def use(met: bool) -> None:
            self._looking = False
            if met and self._is_here(card) and card.state is State.OPEN:
                self._take_verdict(card, {"step": step}, Verdict(True, points=1))
            self._look_on()

        def fail(error: EngineError) -> None:
            self._looking = False
            if self._is_here(card) and error.kind != "not_finite":
                card.say(sentences(*localized(error)), "bad")
            self._look_on()

        self._tasks.submit(Task("", lambda task: is_met(), use, fail, quiet=True))

    def _look_on(self) -> None:
        """Look at what came while something else was looked at, if it still matters."""
        unseen, self._unseen = self._unseen, None
        if unseen is not None and self._is_here(unseen[0]) and unseen[0].state is State.OPEN:
            self._ask_goal(*unseen)

    def _look_at_formula(self) -> None:
        """Ask whether the values of a formula meet the goal."""
        course, card, lab = self.course, self._posed, self.stage.lab
        if course is None or card is None or lab is None or not isinstance(card.question, Goal):
            return
        goal, values = card.question, dict(lab.functions.values)
        material = course.materials[goal.experiment]
        if not isinstance(material, FormulaWithValues) or lab.functions.text.strip() != material.text.strip():
            return
        held = {name: values.get(name, value) for name, value in material.values.items()}
        moment = FormulaMoment(replace(material, values=held))
        self._ask_goal(card, lambda: course.keys.meets(goal, moment), 0)

    def _start_over(self) -> None:
        """Go back to the beginning: of training, or of a formula's values."""
        card = self._posed
        if card is not None and self.stage.lab is not None:
            self.stage.bring(card.question.experiment, anew=True)
        else:
            self.stage.start_over()

    # -- faults ------------------------------------------------------------------------------------

    def _open_clinic(self, card: QuestionCard) -> None:
        """Open the clinic on the fault of a question."""
        from gui.files.clinic import frame_of

        course, frame = self.course, self.stage.frame
        if course is None or frame is None:
            return
        planted = course.asked[card.question.id].planted
        assert planted is not None
        clinic: Any = self._window.pages.open("clinic")
        clinic.show_planted(planted, frame_of(planted, frame))
        clinic.judged.connect(partial(self._take_marks, card))

    def _take_marks(self, card: QuestionCard, planted: object, answer: tuple[Any, ...]) -> None:
        course = self.course
        if course is None or not self._is_here(card) or card.state is not State.OPEN:
            return
        if course.asked[card.question.id].planted is planted:
            quantity, place, name = answer
            given = (quantity, tuple(int(i) for i in place), name)

            def use(verdict: Verdict) -> None:
                if self._is_here(card):
                    plain = [quantity, list(given[1]), name]
                    self._take_verdict(card, plain, verdict)

            question = card.question
            self._tasks.submit(
                Task("", lambda task: judged(course, question, given), use, self._say, quiet=True)
            )

    # -- presented ---------------------------------------------------------------------------------

    def present(self, presented: bool) -> None:
        """Let the page be read from the back row, its answers sealed until Space; or as usual again."""
        self._presented = presented
        self._window.run_controls.run_action.setShortcut(
            QKeySequence() if presented and self.is_open else QKeySequence(Qt.Key.Key_Space)
        )
        self.page.set_presented(presented)
        self._set_sealed()

    def fit_presented(self) -> None:
        """Give the page its share of the window."""
        if self.is_open:  # when what was hidden has left its room
            QTimer.singleShot(0, self, self._size)

    def _set_sealed(self) -> None:
        for card in () if self._contents is None else self._contents.questions:
            card.set_sealed(self._presented)
        self._say_space()

    def _say_space(self) -> None:
        text = ""
        if self._presented:
            text = self.tr("Space: reveal") if self._open_card is not None else self.tr("Space: next page")
        self.page.say_space(text)

    def space(self) -> None:
        """Reveal what is sealed, or turn the page where nothing is."""
        card = self._open_card
        if card is not None and not card.posed:
            self._pose(card)
        elif card is not None:
            self._show_answer(card)
            self.page.area.ensureWidgetVisible(card)
            self._say_space()
        elif self.course is not None and self._at < len(self.course.lesson.pages) - 1:
            self._show(self._at + 1)

    # -- the file changes --------------------------------------------------------------------------

    def _watch(self, path: Path | None) -> None:
        if watched := [*self._watcher.files(), *self._watcher.directories()]:
            self._watcher.removePaths(watched)
        self._watched = path
        if path is not None and path.exists():
            files = [path, *(one for one in path.rglob("*") if one.is_file())] if path.is_dir() else [path]
            self._watcher.addPaths([str(file) for file in files[:200]])

    def _file_changed(self, path: str) -> None:
        self._settling.start()

    def _read_again(self) -> None:
        path = self._watched
        if path is None:
            return
        name = lesson_name(path)
        seed = self.course.keys.seed if self.course is not None else self._seed_of(name)
        asked = self._opening

        def work(task: Task) -> Opened:
            return open_course(path, name, self.language, seed)

        def use(opened: Opened) -> None:
            if asked == self._opening:
                self._take_again(path, opened)

        self._tasks.submit(Task("", work, use, self._say, quiet=True))
        self._watch(path)  # an editor has put another file in its place

    def _take_again(self, path: Path, opened: Opened) -> None:
        if opened.course is None:
            self.page.show_problems(problems_text(opened.problems, has_old=self.course is not None))
        elif self.course is None:
            self._begin(opened.course)
        else:
            same = same_materials(self.course, opened.course, self.stage.name)
            self.course = opened.course
            self.stage.renew(opened.course)
            self.page.show_problems("")
            self.page.show_lesson(opened.course.lesson.title)
            if not same:
                self.stage.bring(self.stage.name, anew=True)
            self._show(min(self._at, len(opened.course.lesson.pages) - 1), stay=True)
        self.reloaded.emit()

    def _language_changed(self) -> None:
        if self.course is not None:
            self._read_again()
        self.fill_shelf()

    # -- the window --------------------------------------------------------------------------------

    def _document_changed(self) -> None:
        if self.course is not None:
            self.page.set_astray(self.stage.is_astray)

    def take_room(self, visible: bool) -> None:
        """Have the rest of the window do with what room is left."""
        if not isValid(self._window):  # it goes, and its docks tell so
            return
        dock: QWidget = self._window.pages.docks["lessons_page"]
        taken = px(WIDTH) if not dock.isHidden() and not dock.isWindow() else 0
        self._window.pages.fitter.take(taken)
        self._window.pages.centre.take(taken)
        if taken:
            QTimer.singleShot(0, self, self._size)
        if visible and not self.page.shelf.offered:
            self.fill_shelf()

    def _size(self) -> None:
        """Give the page its usual width, or its share of what is presented."""
        window, dock = self._window, self._window.pages.docks["lessons_page"]
        if dock.isVisible():
            width = round(PRESENTED * window.width()) if self._presented else px(WIDTH)
            window.resizeDocks([dock], [width], Qt.Orientation.Horizontal)
            QTimer.singleShot(0, self.stage, self.stage.fit_lab)


def lesson_name(path: Path) -> str:
    """What a lesson's progress is kept under: its folder's name for one of the program's own."""
    from resources import resource_path

    path = path.absolute()
    return path.name if path.parent == resource_path("lessons") else str(path)


def layers_of(course: Course, question: Question) -> Sequence[object]:
    """The layers of the network that a question is about."""
    material = course.materials[question.experiment]
    assert not isinstance(material, FormulaWithValues)
    return material.experiment.layers


def same_materials(before: Course, after: Course, name: str) -> bool:
    """Whether the experiment that is shown is the same in a lesson that was read again."""
    if not name:
        return True
    one, other = before.materials.get(name), after.materials.get(name)
    if one is None or other is None:
        return False
    if isinstance(one, FormulaWithValues) or isinstance(other, FormulaWithValues):
        return (
            isinstance(one, FormulaWithValues)
            and isinstance(other, FormulaWithValues)
            and (one.text, dict(one.values)) == (other.text, dict(other.values))
        )
    written = [replace(course.lesson.experiments[name], spot=Spot("", 0, 0)) for course in (before, after)]
    data, others = one.dataset, other.dataset
    return (
        written[0] == written[1]
        and one.experiment == other.experiment
        and np.array_equal(data.inputs, others.inputs, equal_nan=True)
        and np.array_equal(data.targets, others.targets)
    )
