"""Days of the sources' events as Dagster's partitions: which there are, which a run asks for, which a load has brought.

Only resources that deliver events have days; records with a state are read as they are now. What a day means to a
source is its window (`source_window.py`); the assets are made in `assets/sources.py`.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import dagster as dg
from dagster._core.storage.tags import (
    ASSET_PARTITION_RANGE_END_TAG,
    ASSET_PARTITION_RANGE_START_TAG,
    PARTITION_NAME_TAG,
)

from ingestion.settings import Settings

# Older days are read again with the command; a list of partitions has to begin somewhere.
FIRST_DAY = date(2020, 1, 1)
# A load marks the days it has completed; a first one, which reads years, marks these many of them.
MOST_MARKED = 31
# What a run carries when it was started for days.
DAYS_TAGS = (PARTITION_NAME_TAG, ASSET_PARTITION_RANGE_START_TAG, ASSET_PARTITION_RANGE_END_TAG)


def source_days(settings: Settings) -> dg.DailyPartitionsDefinition:
    """Every day of the business time zone up to today."""
    return dg.DailyPartitionsDefinition(start_date=FIRST_DAY.isoformat(), timezone=settings.timezone, end_offset=1)


def days_asked(context: dg.AssetExecutionContext) -> tuple[date, date] | None:
    """First and last day of the partitions the run was started for; None when it was started for none."""
    if not (context.has_partition_key or context.has_partition_key_range):
        return None
    asked = context.partition_key_range
    return date.fromisoformat(asked.start), date.fromisoformat(asked.end)


def days_tags(settings: Settings, job: dg.JobDefinition, clock: Mapping[str, str]) -> dict[str, str]:
    """Tags of a run whose configuration asks for a window: its days, as far as the job has them as partitions.

    Args:
        settings: business time zone.
        job: what is run.
        clock: configuration of the run's clock, with the dates `since` and `until`, YYYY-MM-DD or empty.
    """
    if job.partitions_def is None or not (clock["since"] or clock["until"]):
        return {}
    today = settings.today().isoformat()
    first, last = max(clock["since"], FIRST_DAY.isoformat()), min(clock["until"] or today, today)
    return {ASSET_PARTITION_RANGE_START_TAG: first, ASSET_PARTITION_RANGE_END_TAG: last} if first <= last else {}


def days_completed(settings: Settings, before: datetime | None, now: datetime) -> list[date]:
    """The days a load of what is new has completed, oldest first: those that were over neither then nor before.

    Args:
        settings: business time zone.
        before: when the load before it was, naive UTC; None when it was the first one.
        now: when it was, naive UTC.
    """
    today = _day_of(settings, now)
    earliest = today - timedelta(days=MOST_MARKED)
    first = max(earliest, FIRST_DAY, _day_of(settings, before) if before else earliest)
    return [first + timedelta(days=number) for number in range((today - first).days)]


def _day_of(settings: Settings, instant: datetime) -> date:
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(settings.timezone)).date()
