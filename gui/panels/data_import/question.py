"""One question in plain words about what a file leaves open, with its answers as buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from engine.data.doubt import Guess
from gui.text.plain import Label, caption, one_line

LONGEST_ANSWER = 40


class Question(QFrame):
    """Asks whether the guess or its runner-up is right.

    Signals
    -------
    answered(Guess, bool)
        Whether it is the runner-up.
    """

    answered = Signal(object, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("importQuestion")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.guess: Guess | None = None
        self._text = Label()
        self._text.setObjectName("importQuestionText")
        self._text.setWordWrap(True)
        self.first, self.second = QPushButton(), QPushButton()
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.addWidget(self._text, 1)
        for button, name, is_other in (
            (self.first, "firstAnswerButton", False),
            (self.second, "secondAnswerButton", True),
        ):
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.setProperty("isOther", is_other)
            button.clicked.connect(self._clicked)
            row.addWidget(button)
        self.hide()

    @property
    def text(self) -> str:
        """What is asked; empty if nothing is."""
        return self._text.text() if self.guess is not None else ""

    def ask(self, guess: Guess | None) -> None:
        """Show another question, or none."""
        self.guess = guess
        self.setVisible(guess is not None and guess.other is not None)
        if guess is None or guess.other is None:
            return
        answers = self._answers(guess)
        for button, answer in zip((self.first, self.second), answers, strict=True):
            button.setText(caption(one_line(answer, LONGEST_ANSWER)))
        name, evidence = one_line(guess.name, LONGEST_ANSWER), one_line(guess.evidence, LONGEST_ANSWER)
        self._text.setText(self._sentence(guess.about).format(name=name, evidence=evidence))

    def _sentence(self, about: str) -> str:
        sentences = {
            "thousands": self.tr(
                "In the column {name}, is {evidence} a number with a fraction, or thousands?"
            ),
            "dates": self.tr("In the column {name}, which day is {evidence}?"),
            "date_forms": self.tr(
                "The column {name} has dates written in several ways, such as {evidence}. Are they all dates?"
            ),
            "times": self.tr(
                "In the column {name}, does {evidence} count from 1970 to a moment, as computers do?"
            ),
            "encoding": self.tr("Which of these words are spelt right?"),
            "missing": self.tr("In the column {name}, does {evidence} say that the value is missing?"),
            "sheet": self.tr("Which sheet of the workbook is to be read?"),
            "target": self.tr("Which column is to be learnt?"),
            "delimiter": self.tr("What stands between the columns?"),
            "header": self.tr("Does the first row name the columns? It says: {evidence}"),
            "type": self.tr(
                "Does the column {name} hold numbers? Cells such as {evidence} would be mistakes, and their "
                "rows left out."
            ),
        }
        return sentences[about]

    def _answers(self, guess: Guess) -> tuple[str, str]:
        assert guess.other is not None
        if guess.about == "missing":
            return self.tr("No"), self.tr("Yes, it is missing")
        if guess.about == "header":
            answers = self.tr("Yes, names"), self.tr("No, it is data")
            return answers if guess.taken.options["header"] else answers[::-1]
        if guess.about == "date_forms":
            return self.tr("Yes, dates"), self.tr("No, leave them out")
        if guess.about == "times":
            return self.tr("No, it is a number"), self.tr("Yes, it is {moment}").format(
                moment=guess.other.text
            )
        if guess.about == "type":
            return self.tr("No, text"), self.tr("Yes, numbers")
        if guess.about == "encoding" and " / " in guess.evidence:
            first, _, second = guess.evidence.partition(" / ")
            return first, second
        if guess.about == "delimiter":
            names = {"\t": self.tr("tab"), "whitespace": self.tr("spaces")}
            first, second = (names.get(text, text) for text in (guess.taken.text, guess.other.text))
            return first, second
        return guess.taken.text, guess.other.text

    def _clicked(self) -> None:
        if self.guess is not None:
            self.answered.emit(self.guess, bool(self.sender().property("isOther")))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.ask(self.guess)
        super().changeEvent(event)
