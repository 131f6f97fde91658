"""How the commands without a window say what they say: in English here, in other languages from outside."""

from __future__ import annotations

from engine.data.data_warning import DataWarning
from engine.diagnose import Finding
from engine.errors import EngineError


class Wording:
    """The words of the commands. The program hands in another one where it is asked for another language."""

    def text(self, template: str) -> str:
        """A text of the commands themselves, whose places are filled by who asks."""
        return template

    def name(self, label: str) -> str:
        """What a rule is called."""
        return label

    def error(self, error: EngineError) -> str:
        """What went wrong, where, and how to mend it."""
        return str(error)

    def warning(self, warning: DataWarning) -> str:
        """What is odd about data."""
        return warning.message

    def finding(self, finding: Finding) -> str:
        """Why a network does not learn, and what cures it."""
        return finding.text


ENGLISH = Wording()
