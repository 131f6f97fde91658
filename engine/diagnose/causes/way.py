"""The cause that lies behind the training: what was changed by hand on the way."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagnose.finding import Remedy
from engine.diagnose.lead import Cause, Lead
from engine.diagnose.patient import Patient
from engine.errors import QT_TRANSLATE_NOOP


class ChangedOnTheWay(Cause):
    """Begun anew with the settings of now it learns: earlier settings, or parameters set by hand, spoiled it.

    Every other remedy is tried from the start with the settings of now, and would seem to cure as well.
    """

    name = "changed_on_the_way"
    label = QT_TRANSLATE_NOOP("diagnose", "Changed on the way")
    meaning = QT_TRANSLATE_NOOP(
        "diagnose",
        "Training goes on from the parameters that it has. Where earlier settings or a change by hand have "
        "brought them to a bad place, settings that are sound do not bring them back.",
    )
    signs = QT_TRANSLATE_NOOP(
        "diagnose",
        "Whether the same training learns from the start with the settings of now and with no parameter "
        "set by hand.",
    )
    advice = QT_TRANSLATE_NOOP("diagnose", "Begin anew, or go back to before that change.")
    first = True

    def leads(self, p: Patient) -> Iterator[Lead]:
        changed = [e.step for e in p.edits if e.experiment is not None or e.parameters is not None]
        if not changed:
            return
        since = changed[-1]
        long_enough = p.diverged or 2 * since <= p.steps  # else it may yet be learned
        yield Lead(
            weight=0.9 if long_enough else 0.3,
            evidence={"steps": p.steps, "steps_since": p.steps - since},
            template=QT_TRANSLATE_NOOP(
                "diagnose",
                "What was changed on the way, last after step {since}, keeps it from learning: begun anew as "
                "it is set now, it learns.",
            ),
            values={"since": since},
            since=since,
            remedies=[Remedy(p.experiment, untouched=True)],
        )
