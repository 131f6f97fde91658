"""Mistakes in other people's back-propagation: the catalogue, and which of them gives someone's numbers."""

from engine.mistakes.catalogue import LINES, MISTAKES, Mistake
from engine.mistakes.numbers import Printed
from engine.mistakes.telling import telling_batch
from engine.mistakes.verdict import Quantity, Verdict, check_step

__all__ = ["LINES", "MISTAKES", "Mistake", "Printed", "Quantity", "Verdict", "check_step", "telling_batch"]
