"""Diagnosis: why a network won't learn, the root first; and the instruments that measure it."""

from engine.diagnose.attempts import Attempt, overfit_ten_rows, try_cure
from engine.diagnose.causes import CAUSES
from engine.diagnose.curvature import Curvature
from engine.diagnose.examination import Examination, diagnose
from engine.diagnose.finding import LABELS, Finding, Remedy, Tried
from engine.diagnose.instruments import Instruments, instruments

__all__ = [
    "CAUSES",
    "LABELS",
    "Attempt",
    "Curvature",
    "Examination",
    "Finding",
    "Instruments",
    "Remedy",
    "Tried",
    "diagnose",
    "instruments",
    "overfit_ten_rows",
    "try_cure",
]
