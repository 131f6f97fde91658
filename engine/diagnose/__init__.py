"""Diagnosis: why a network won't learn, the root first; and the instruments that measure it."""

from engine.diagnose.attempts import Attempt, overfit_ten_rows, try_cure
from engine.diagnose.causes import CAUSES
from engine.diagnose.confusion import confusion
from engine.diagnose.curvature import MOST_PARAMETERS, Curvature
from engine.diagnose.examination import Examination, diagnose
from engine.diagnose.finding import LABELS, Finding, Remedy, Tried
from engine.diagnose.instruments import Instruments, instruments
from engine.diagnose.range_test import RangeTest, range_test
from engine.diagnose.ridges import Quantity, Ridges, ridges
from engine.diagnose.slices import Slice, slices
from engine.diagnose.spectrum import Spectrum, spectrum
from engine.diagnose.strip import GradientStrip, gradient_strip
from engine.training.confusion import Confusion

__all__ = [
    "CAUSES",
    "LABELS",
    "MOST_PARAMETERS",
    "Attempt",
    "Confusion",
    "Curvature",
    "Examination",
    "Finding",
    "GradientStrip",
    "Instruments",
    "Quantity",
    "RangeTest",
    "Remedy",
    "Ridges",
    "Slice",
    "Spectrum",
    "Tried",
    "confusion",
    "diagnose",
    "gradient_strip",
    "instruments",
    "overfit_ten_rows",
    "range_test",
    "ridges",
    "slices",
    "spectrum",
    "try_cure",
]
