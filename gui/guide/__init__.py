"""What helps who is here for the first time."""

from gui.guide.tour import Tour
from gui.guide.welcome import Welcome

__all__ = ["Tour", "Welcome"]
