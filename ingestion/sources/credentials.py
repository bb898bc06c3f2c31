"""The settings a source needs, and the names of their environment variables. Where they are read is `Settings`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestion.settings import Settings


def variable_of(setting: str) -> str:
    """The environment variable of a setting."""
    return f"LIFECYCLE_{setting.upper()}"


@dataclass(frozen=True, slots=True)
class Credential:
    """One setting a source needs: field of `Settings`, and what a person has to put there.

    Args:
        setting: the field.
        description: what it is.
        unless: a setting that makes this one unnecessary.
    """

    setting: str
    description: str
    unless: str = ""

    @property
    def variable(self) -> str:
        """The environment variable."""
        return variable_of(self.setting)

    def is_missing(self, settings: Settings) -> bool:
        """Whether it has to be set and is not."""
        return not getattr(settings, self.setting) and not (self.unless and getattr(settings, self.unless))

    def variable_in(self, settings: Settings) -> str:
        """The variable that is used: its own, or that of what stands for it."""
        return variable_of(self.setting if getattr(settings, self.setting) or not self.unless else self.unless)
