"""The presentation mode: for a class, read from the back row."""

from gui.presentation.mode import Presentation

__all__ = ["Presentation"]
