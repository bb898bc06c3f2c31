"""Pure helpers: which files of the export are of which day. No reading, no state."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

_DAY = re.compile(r"events_(?P<intraday>intraday_)?(?P<day>\d{8})(?!\d)")


def files_by_day(names: Sequence[str]) -> Mapping[str, Sequence[str]]:
    """The files of each day; a day's files of the day itself (`events_intraday_`) count until its final ones come."""
    final: dict[str, list[str]] = defaultdict(list)
    intraday: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found = _DAY.search(name)
        if found:
            (intraday if found["intraday"] else final)[found["day"]].append(name)
    return {**intraday, **final}
