"""Robust bands: how far a figure may lie from what was measured before.

Only arithmetic lives here. What is measured is declared in `suites/`, where it is remembered in `measurements.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import median

from quality.checks import Band

# The median absolute deviation of a normal distribution is 0.6745 of its standard deviation.
_DEVIATIONS_PER_SPREAD = 1.4826


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a figure must lie between, inclusive; None is no bound."""

    low: float | None
    high: float | None

    def excess(self, value: float) -> float:
        """By how much the value lies outside; negative: how far it is from the nearer bound, 0 or less is inside."""
        distances = [self.low - value] if self.low is not None else []
        if self.high is not None:
            distances.append(value - self.high)
        return max(distances, default=float("-inf"))


def bounds_of(
    band: Band, usual: Sequence[float], accepted: Sequence[float] = (), sample_size: int | None = None
) -> Bounds | None:
    """The bounds that follow from history.

    Args:
        band: how far a figure may move.
        usual: earlier figures that were not out of bounds.
        accepted: figures a person declared right although they were; the bounds reach as far as they do.
        sample_size: rows the figure to be judged was calculated from.

    Returns:
        None when there is too little history to compare with.
    """
    known = [*usual, *accepted]
    if len(known) < band.minimum_history or not known:
        return None
    middle = median(known)
    is_too_little = middle < band.minimum_level
    if is_too_little or (len(known) < band.full_history and min(known) < band.early_level):
        return None
    spread = band.spreads * _DEVIATIONS_PER_SPREAD * median(abs(value - middle) for value in known)
    reach = max(spread, band.floor, band.share * abs(middle)) + _sampling_error(band, middle, sample_size)
    lowest = min(middle - reach, middle / band.factor) if band.at_least is None else band.at_least
    low = min([lowest, *accepted]) if band.is_lower else None
    high = max(middle + reach, middle * band.factor, *accepted) if band.is_upper else None
    return Bounds(low, high)


def _sampling_error(band: Band, share: float, sample_size: int | None) -> float:
    if not band.sampling_errors or not sample_size:
        return 0.0
    return band.sampling_errors * sqrt(share * (1 - share) / sample_size)
