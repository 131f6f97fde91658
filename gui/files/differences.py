"""What two trainings differ in, in words: settings, data, steps, runs and weights."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from engine.files.session import Session
from engine.settings import differing_settings
from gui.text.numbers import grouped
from gui.text.parts import shown
from gui.text.settings import setting, setting_value

MOST_LINES = 8


def what_differs(ours: Session, theirs: Session) -> list[str]:
    """A short plain list of what a session in a file holds beside the one that is open, a line each."""
    translate = QCoreApplication.translate
    mine, its = ours.training.history.runs, theirs.training.history.runs
    rows = [
        (setting("data"), shown(theirs.dataset.name), shown(ours.dataset.name)),
        (translate("Differences", "Step"), grouped(theirs.present.step), grouped(ours.present.step)),
        (translate("Differences", "Steps of the run"), grouped(theirs.run.steps), grouped(ours.run.steps)),
        (translate("Differences", "Runs"), str(len(its)), str(len(mine))),
    ]
    rows += [
        (
            setting(difference.path, len(ours.experiment.layers)),
            setting_value(difference.first),
            setting_value(difference.second),
        )
        for difference in differing_settings(theirs.experiment, ours.experiment)
    ]
    template = translate("Differences", "{0}: {1} in the file, {2} here.")
    lines = [template.format(*row) for row in rows if row[1] != row[2]]
    if len(lines) > MOST_LINES:
        rest = len(lines) - MOST_LINES
        more = translate("Differences", "More settings that differ: {0}.")
        lines = [*lines[:MOST_LINES], more.format(rest)]
    if not np.array_equal(ours.present.state, theirs.present.state):
        lines.append(translate("Differences", "The weights are not the same."))
    return lines or [
        QCoreApplication.translate("Differences", "Settings, steps, runs and weights are the same.")
    ]
