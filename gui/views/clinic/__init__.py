"""The bug clinic."""

from gui.views.clinic.view import ClinicView

__all__ = ["ClinicView"]
