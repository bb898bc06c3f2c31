"""Published data sets, brought into the inbox as contract files. Nothing of them is kept in this repository.

Each module knows one data set; what they have in common is in `package_data.py`. This module only names them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestion.settings import Settings


class ExampleName(StrEnum):
    """The data sets there are."""

    CDNOW = "cdnow"
    COMPLETEJOURNEY = "completejourney"


@dataclass(frozen=True, slots=True)
class Example:
    """A data set and what it takes to run it.

    Args:
        deliver: puts its files into the inbox and returns them.
        as_of: its last day.
        settings: fields of the settings that must have these values for the figures to mean what they say.
    """

    deliver: Callable[[Settings], list[Path]]
    as_of: date
    settings: Mapping[str, str]

    def other_settings(self, settings: Settings) -> dict[str, str]:
        """The fields whose values differ from what the data set needs, with the values it needs."""
        return {name: value for name, value in self.settings.items() if getattr(settings, name) != value}


def example_named(name: ExampleName) -> Example:
    """The data set of that name."""
    from ingestion.examples import cdnow, completejourney

    if name is ExampleName.CDNOW:
        return Example(cdnow.deliver_cdnow, cdnow.AS_OF, {"reporting_currency": cdnow.CURRENCY})
    needs = {"reporting_currency": completejourney.CURRENCY, "timezone": completejourney.TIMEZONE}
    return Example(completejourney.deliver_completejourney, completejourney.AS_OF, needs)
