"""When and in which format each entity is delivered: the rhythm of its files and their dress.

A file is named after the last day it covers. History comes in long periods, the last days one file each, so that a
single day can be delivered alone. Writing the files is `writer.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from ingestion.sandbox.timeline import NEVER, Timeline

DAILY_DAYS = 3


class Rhythm(StrEnum):
    """Length of one history file."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ONCE = "once"


class Dress(StrEnum):
    """File format; the value is the file name's ending."""

    PARQUET = "parquet"
    CSV = "csv"
    CSV_GZ = "csv.gz"
    JSONL = "jsonl"
    JSONL_GZ = "jsonl.gz"


@dataclass(frozen=True, slots=True)
class Delivery:
    """Rhythm and dress of one entity; `is_german` CSV is as Excel writes it: `;`, decimal commas, byte order mark."""

    rhythm: Rhythm
    dress: Dress
    is_german: bool = False


DELIVERIES = {
    "crm_contacts": Delivery(Rhythm.QUARTER, Dress.CSV),
    "crm_companies": Delivery(Rhythm.YEAR, Dress.CSV),
    "crm_deals": Delivery(Rhythm.QUARTER, Dress.JSONL),
    "crm_orders": Delivery(Rhythm.MONTH, Dress.PARQUET),
    "crm_order_lines": Delivery(Rhythm.QUARTER, Dress.PARQUET),
    "crm_subscriptions": Delivery(Rhythm.QUARTER, Dress.CSV),
    "crm_activities": Delivery(Rhythm.YEAR, Dress.CSV_GZ),
    "crm_tickets": Delivery(Rhythm.QUARTER, Dress.JSONL),
    "crm_survey_responses": Delivery(Rhythm.YEAR, Dress.CSV, is_german=True),
    "crm_loyalty_events": Delivery(Rhythm.QUARTER, Dress.CSV_GZ),
    "crm_referrals": Delivery(Rhythm.YEAR, Dress.JSONL),
    "crm_reviews": Delivery(Rhythm.YEAR, Dress.JSONL_GZ),
    "crm_consents": Delivery(Rhythm.YEAR, Dress.CSV),
    "crm_stage_changes": Delivery(Rhythm.YEAR, Dress.CSV),
    "web_events": Delivery(Rhythm.MONTH, Dress.PARQUET),
    "social_interactions": Delivery(Rhythm.YEAR, Dress.JSONL_GZ),
    "social_page_metrics": Delivery(Rhythm.YEAR, Dress.CSV),
    "social_ad_spend": Delivery(Rhythm.YEAR, Dress.CSV, is_german=True),
    "email_campaigns": Delivery(Rhythm.YEAR, Dress.CSV),
    "email_campaign_members": Delivery(Rhythm.QUARTER, Dress.PARQUET),
    "email_events": Delivery(Rhythm.MONTH, Dress.PARQUET),
    "reference_fx_rates": Delivery(Rhythm.YEAR, Dress.CSV),
    "reference_identity_overrides": Delivery(Rhythm.ONCE, Dress.CSV),
    "reference_kpi_targets": Delivery(Rhythm.ONCE, Dress.CSV),
}


@dataclass(frozen=True)
class Periods:
    """The files of one rhythm: the period each day belongs to, and the last day of each period."""

    of_day: np.ndarray
    last_days: tuple[date, ...]


def periods_of(rhythm: Rhythm, timeline: Timeline, ahead: int = 0) -> Periods:
    """Cut the timeline into periods: whole months, quarters or years, then single days at the end.

    Args:
        rhythm: length of a period.
        timeline: the simulated time.
        ahead: days at the end that have not come yet; each is a period of its own. What comes once has come before.
    """
    days = [timeline.date_of(day) for day in range(timeline.days)]
    first_single = len(days) - ahead - DAILY_DAYS
    keys = [_period_key(rhythm, day, index >= first_single) for index, day in enumerate(days)]
    starts = [index for index, key in enumerate(keys) if index == 0 or key != keys[index - 1]]
    of_day = np.zeros(len(days), dtype=np.int64)
    of_day[starts[1:]] = 1
    last = days[-1 - ahead] if rhythm is Rhythm.ONCE else days[-1]
    last_days = [days[index - 1] for index in starts[1:]] + [last]
    return Periods(np.cumsum(of_day), tuple(last_days))


def _period_key(rhythm: Rhythm, day: date, is_daily: bool) -> tuple[object, ...]:
    if rhythm is Rhythm.ONCE:
        return ()
    if is_daily:
        return (day,)
    if rhythm is Rhythm.YEAR:
        return (day.year,)
    return (day.year, day.month if rhythm is Rhythm.MONTH else (day.month - 1) // 3)


def versions(changes: np.ndarray, period_of_day: np.ndarray, timeline: Timeline) -> tuple[np.ndarray, np.ndarray]:
    """Which versions of changing records are delivered: the last state in every period in which a record changed.

    Args:
        changes: instants of change, int64[records, changes], ascending within a record, NEVER where none.
        period_of_day: period of each day.
        timeline: the simulated time.

    Returns:
        Record numbers and the instants of the delivered versions, in order of delivery.
    """
    happened = changes < timeline.stop
    periods = np.where(happened, period_of_day[timeline.day_of(changes)], -1)
    latest = happened.copy()
    for column in range(changes.shape[1] - 1):
        later = (periods[:, column + 1 :] == periods[:, [column]]).any(axis=1)
        latest[:, column] &= ~later
    records, columns = np.nonzero(latest)
    at = changes[records, columns]
    order = np.argsort(at, kind="stable")
    return records[order], at[order]


def known_at(instants: np.ndarray, at: np.ndarray) -> np.ndarray:
    """The instants as far as they are known at `at`: NEVER for later ones."""
    return np.where(instants <= at, instants, NEVER)
