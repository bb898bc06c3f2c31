"""The simulated time: days in the business time zone, their season, and the instants (UTC seconds) on them.

It knows nothing about people or files. Instants are whole seconds since 1970 in UTC; `NEVER`
stands for "does not happen".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

NEVER = np.iinfo(np.int64).max
TIMEZONE = ZoneInfo("Europe/Berlin")
YEARS = 3

_WEEKDAY_WEIGHTS = (1.05, 1.0, 0.98, 1.0, 0.95, 0.9, 1.15)
_MONTH_WEIGHTS = (0.88, 0.86, 0.95, 0.98, 0.97, 0.92, 0.86, 0.9, 1.0, 1.05, 1.35, 1.4)
_HOUR_WEIGHTS = (8, 4, 2, 1, 1, 3, 10, 22, 34, 42, 46, 48, 52, 50, 46, 44, 46, 52, 62, 76, 84, 74, 48, 22)


@dataclass(frozen=True)
class Timeline:
    """The days from `start` to `end`, both included.

    Args:
        start: first day.
        end: last day, the business date of the simulation.
        midnights: instants at which the days begin, and at last the first instant after the end; int64[days + 1].
        weights: how busy each day is, mean 1; float64[days].
        busy: cumulative weights: seasonal time at the beginning of each day; float64[days + 1].
    """

    start: date
    end: date
    midnights: np.ndarray
    weights: np.ndarray
    busy: np.ndarray

    @property
    def days(self) -> int:
        """How many days there are."""
        return len(self.weights)

    @property
    def stop(self) -> int:
        """First instant after the last day."""
        return int(self.midnights[-1])

    def date_of(self, day: int) -> date:
        """The date of the day with that number."""
        return self.start + timedelta(days=int(day))

    def day_of(self, instants: np.ndarray) -> np.ndarray:
        """Number of the day each instant falls on; instants outside are put on the first or last day."""
        return np.clip(np.searchsorted(self.midnights, instants, side="right") - 1, 0, self.days - 1)

    def on_day(self, rng: np.random.Generator, days: np.ndarray) -> np.ndarray:
        """A random instant on each day, more often in the evening than at night."""
        weights = np.array(_HOUR_WEIGHTS, dtype=float)
        hours = rng.choice(24, size=len(days), p=weights / weights.sum())
        seconds = hours * 3600 + rng.integers(0, 3600, size=len(days))
        return np.minimum(self.midnights[days] + seconds, self.midnights[days + 1] - 1)

    def awake(self, rng: np.random.Generator, instants: np.ndarray, since: np.ndarray) -> np.ndarray:
        """The same days at hours at which people are awake, unless that would be before `since`; NEVER stays NEVER."""
        happens = instants < self.stop
        moved = self.on_day(rng, self.day_of(instants))
        return np.where(happens & (moved >= since), moved, instants)

    def busy_time(self, instants: np.ndarray) -> np.ndarray:
        """Seasonal time of each instant: it runs fast on busy days."""
        return np.interp(instants.astype(float), self.midnights.astype(float), self.busy)

    def at_busy_time(self, rng: np.random.Generator, busy: np.ndarray) -> np.ndarray:
        """A random instant on the day of each seasonal time; NEVER after the end."""
        days = np.searchsorted(self.busy, busy, side="right") - 1
        inside = days < self.days
        return np.where(inside, self.on_day(rng, np.clip(days, 0, self.days - 1)), NEVER)


def timeline_ending(end: date, growth_per_year: float) -> Timeline:
    """The three years that end with `end`."""
    day_after = end + timedelta(days=1)
    leap_day = day_after.month == 2 and day_after.day == 29
    start = day_after.replace(year=day_after.year - YEARS, day=28 if leap_day else day_after.day)
    days = [start + timedelta(days=number) for number in range((day_after - start).days)]
    midnights = [int(datetime.combine(day, time(), tzinfo=TIMEZONE).timestamp()) for day in [*days, day_after]]
    growth = (1 + growth_per_year) ** (np.arange(len(days)) / 365.25)
    season = np.array([_WEEKDAY_WEIGHTS[day.weekday()] * _MONTH_WEIGHTS[day.month - 1] * _feast(day) for day in days])
    weights = season / season.mean()
    busy = np.concatenate([[0.0], np.cumsum(weights)])
    return Timeline(start, end, np.array(midnights, dtype=np.int64), weights * growth / growth.mean(), busy)


def _feast(day: date) -> float:
    """Extra weight of single days: Black Friday week, the weeks before Christmas, the quiet feast days."""
    if day.month == 11 and 22 <= day.day <= 30:
        return 1.5
    if day.month == 12 and day.day <= 20:
        return 1.25
    if (day.month == 12 and 24 <= day.day <= 26) or (day.month == 1 and day.day == 1):
        return 0.45
    return 1.0
