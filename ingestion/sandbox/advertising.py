"""What advertising costs and shows: daily spend per campaign and daily figures of the social pages.

Clicks are booked while sessions are written and summed over all chunks; impressions and cost follow from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa

from ingestion.contract import entity_named
from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.arrays import contract_table, money, numbers, texts
from ingestion.sandbox.world import World
from ingestion.sandbox.writer import InboxWriter


@dataclass
class AdLedger:
    """Counts per day: `clicks` by channel and theme, `interactions` by platform and type."""

    world: World
    clicks: np.ndarray = field(init=False)
    interactions: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        days = self.world.timeline.days
        self.clicks = np.zeros((len(words.CHANNELS), len(words.AD_THEMES), days), dtype=np.int64)
        self.interactions = np.zeros((len(words.PLATFORMS), len(words.PAGE_MEASURES), days), dtype=np.int64)

    def book_clicks(self, channel: np.ndarray, theme: np.ndarray, at: np.ndarray) -> None:
        """Count the landings of sessions."""
        np.add.at(self.clicks, (channel, theme, self.world.timeline.day_of(at)), 1)

    def book_interactions(self, platform: np.ndarray, measure: np.ndarray, at: np.ndarray) -> None:
        """Count interactions; `measure` is an index into words.PAGE_MEASURES, -1 for none."""
        counted = measure >= 0
        day = self.world.timeline.day_of(at[counted])
        np.add.at(self.interactions, (platform[counted], measure[counted], day), 1)


def write_ad_spend(writer: InboxWriter, ledger: AdLedger) -> None:
    """One row per paid campaign and day with clicks, impressions, spend and the platform's own idea of conversions."""
    world = ledger.world
    rng = world.rng("ad spend")
    paid = np.array([bool(channel.platform) for channel in words.CHANNELS])
    channel, theme, day = np.nonzero(ledger.clicks * paid[:, None, None])
    order = np.argsort(day, kind="stable")
    channel, theme, day = channel[order], theme[order], day[order]
    clicks = ledger.clicks[channel, theme, day]
    impressions = np.round(clicks / rng.uniform(0.006, 0.025, len(clicks))).astype(np.int64)
    cost = np.array([entry.click_cost for entry in words.CHANNELS])[channel]
    spend = np.round(clicks * cost * rng.uniform(0.8, 1.25, len(clicks))).astype(np.int64)
    names = [f"{entry.source}-{name}" for entry in words.CHANNELS for name in words.AD_THEMES]
    ids = [f"AD{number:03d}" for number in range(len(names))]
    campaign = channel * len(words.AD_THEMES) + theme
    in_dollars = np.array([entry.platform == "meta_ads" for entry in words.CHANNELS])[channel]
    table = contract_table(
        entity_named("social_ad_spend"),
        {
            "platform": texts([entry.platform for entry in words.CHANNELS], channel),
            "campaign_id": texts(ids, campaign),
            "spend_date": dates([world.timeline.date_of(number) for number in day]),
            "campaign_name": texts(names, campaign),
            "channel": texts([entry.name for entry in words.CHANNELS], channel),
            "impressions": numbers(impressions),
            "clicks": numbers(clicks),
            "spend_amount": money(spend),
            "currency": texts(("EUR", "USD"), in_dollars.astype(np.int64)),
            "conversions_reported": numbers(np.round(clicks * rng.uniform(0.01, 0.06, len(clicks)), 1)),
        },
    )
    writer.add("social_ad_spend", table, day)


def write_page_metrics(writer: InboxWriter, ledger: AdLedger) -> None:
    """One row per social page and day; figures fit the interactions, silent readers on top."""
    world = ledger.world
    rng = world.rng("page metrics")
    days, platforms = world.timeline.days, len(words.PLATFORMS)
    day = np.repeat(np.arange(days), platforms)
    platform = np.tile(np.arange(platforms), days)
    seen = {name: ledger.interactions[platform, number, day] for number, name in enumerate(words.PAGE_MEASURES)}
    followers = np.cumsum(ledger.interactions[:, words.PAGE_MEASURES.index("followers"), :], axis=1)[platform, day]
    active = sum(seen[name] for name in ("likes", "comments", "shares", "saves", "clicks"))
    reach = np.round((active + followers * 0.1 + 3) * rng.uniform(4, 9, len(day))).astype(np.int64)
    table = contract_table(
        entity_named("social_page_metrics"),
        {
            "platform": texts(words.PLATFORMS, platform),
            "page_id": texts([f"page-{name}" for name in words.PLATFORMS], platform),
            "metric_date": dates([world.timeline.date_of(number) for number in day]),
            "impressions": numbers(np.round(reach * rng.uniform(1.2, 1.9, len(day))).astype(np.int64)),
            "reach": numbers(reach),
            **{name: numbers(seen[name]) for name in ("likes", "comments", "shares", "saves", "clicks")},
            "followers": numbers(followers),
        },
    )
    writer.add("social_page_metrics", table, day)


def dates(days: list[date]) -> pa.Array:
    """Days as an Arrow column."""
    return pa.array(days, pa.date32())
