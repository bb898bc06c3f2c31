"""Where the sample company lives in a data directory, and the day it has reached there.

`rows/` holds everything that ever happens to it, `waiting/` the files of days that have not come. When a day comes, its
files are laid where the warehouse reads them, and the vendors' sandbox (`server/`), which follows the clock file, shows
what has happened since. Time never goes back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from ingestion.sandbox.timeline import TIMEZONE

_DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
FILES, EXPORTS = "inbox", "exports"


@dataclass(frozen=True, slots=True)
class Place:
    """The folders of a sample company.

    Args:
        folder: its own folder in the data directory.
        inbox: the inbox beside it.
    """

    folder: Path
    inbox: Path

    @property
    def rows(self) -> Path:
        """Everything that happens, one Parquet file per entity."""
        return self.folder / "rows"

    @property
    def truth(self) -> Path:
        """What nobody but tests and benchmarks may read."""
        return self.folder / "truth"

    @property
    def waiting(self) -> Path:
        """Files of days that have not come."""
        return self.folder / "waiting"

    @property
    def exports(self) -> Path:
        """Files of vendors who export them, a folder each."""
        return self.folder / EXPORTS

    @property
    def clock(self) -> Path:
        """File with the last day that has come."""
        return self.folder / "day"

    @property
    def sources(self) -> Path:
        """Settings that point the connectors at the sandbox."""
        return self.folder / "sources.env"

    def day(self) -> date | None:
        """The last day that has come, None before the first."""
        return date.fromisoformat(self.clock.read_text(encoding="utf-8")) if self.clock.exists() else None

    def let_come(self, day: date) -> None:
        """Let all days up to this one come, unless they have."""
        known = self.day()
        if known is None or day > known:
            unfinished = self.clock.with_suffix(".part")
            unfinished.write_text(day.isoformat(), encoding="utf-8")
            unfinished.replace(self.clock)
        # A vendor none of whose files has come yet has its folder all the same: a connector refuses a missing one.
        for vendor in (self.waiting / EXPORTS).glob("*/"):
            (self.exports / vendor.name).mkdir(parents=True, exist_ok=True)
        for source, target in self._due(max(day, known or day)):
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)

    def _due(self, day: date) -> Iterator[tuple[Path, Path]]:
        """Waiting files whose day has come, and where they go."""
        for kind, root in ((FILES, self.inbox), (EXPORTS, self.exports)):
            for path in sorted((self.waiting / kind).rglob("*")):
                if path.is_file() and _day_of(path) <= day:
                    yield path, root / path.relative_to(self.waiting / kind)


def end_of(day: date) -> datetime:
    """The first instant after a day of the company."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=TIMEZONE)


def _day_of(path: Path) -> date:
    """The last day a file tells about, which its name holds."""
    found = _DAY.search(path.name)
    if found is None:
        raise ValueError(f"{path.name} says of no day")
    return date(*(int(part) for part in found.groups()))
