"""The setup panel."""

from gui.panels.setup.panel import SetupPanel

__all__ = ["SetupPanel"]
