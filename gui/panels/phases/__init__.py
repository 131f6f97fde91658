"""The phases of a step, over everything in the centre: where it is, and what is computed there."""

from gui.panels.phases.ribbon import PhaseRibbon
from gui.panels.phases.strip import FormulaStrip

__all__ = ["FormulaStrip", "PhaseRibbon"]
