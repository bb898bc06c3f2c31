"""The company's Facebook page and Instagram account: figures by day, posts, and what people write on and about them.

Meta shows comments and mentions with their authors. Likes, shares, clicks and follows are figures only, and private
messages are not read. People on Facebook go by a number Meta gives them, on Instagram by their handle.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from ingestion.sandbox.server.company.deliveries import Deliveries, Numbers, Row
from ingestion.sandbox.server.meta_graph import PAGE
from ingestion.sandbox.server.meta_graph_figures import ACCOUNT_DAYS, PAGE_DAYS, end_of
from ingestion.sandbox.server.store import Store

PAGE_FIGURES = {
    "page_media_view": "impressions",
    "page_total_media_view_unique": "reach",
    "page_follows": "followers",
    "page_total_actions": "clicks",
}
ACCOUNT_FIGURES = {
    "views": "impressions",
    "reach": "reach",
    "likes": "likes",
    "comments": "comments",
    "shares": "shares",
    "saves": "saves",
    "profile_links_taps": "clicks",
    "followers_count": "followers",
}
TEXTS = {"positive": "Love it!", "neutral": "Is it available in blue?", "negative": "Not happy at all.", None: "!"}
POST_AGE = timedelta(hours=1)


def put_meta_graph(store: Store, company: Deliveries) -> None:
    """Put the company's page and Instagram account into the store."""
    for row in company.rows("social_page_metrics"):
        _put_figures(store, row)
    latest = {row["interaction_id"]: row for row in company.rows("social_interactions")}
    for platform, put in (("facebook", _put_facebook), ("instagram", _put_instagram)):
        told = [row for row in latest.values() if row["platform"] == platform and row["type"] in ("comment", "mention")]
        put(store, sorted(told, key=lambda row: (row["occurred_at"], row["interaction_id"])))


def _put_figures(store: Store, row: Row) -> None:
    day, at = row["metric_date"].isoformat(), end_of(row["metric_date"])
    if row["platform"] == "facebook":
        figures = {name: row[column] for name, column in PAGE_FIGURES.items()}
        likes = row["likes"] or 0
        figures["page_actions_post_reactions_love_total"] = likes // 5
        figures["page_actions_post_reactions_like_total"] = likes - likes // 5
        store.put(PAGE_DAYS, day, at, figures)
    if row["platform"] == "instagram":
        store.put(ACCOUNT_DAYS, day, at, {name: row[column] for name, column in ACCOUNT_FIGURES.items()})


def _put_facebook(store: Store, rows: Sequence[Row]) -> None:
    posts, people, numbers = Numbers(700_001), Numbers(24_000_000_001), Numbers(1)
    for row in rows:
        person = {"id": str(people.of(row["handle"])), "name": row["handle"].partition("_")[0].title()}
        record: dict[str, Any] = {"from": person, "message": TEXTS[row["sentiment"]]}
        number = numbers.of(row["interaction_id"])
        if row["type"] == "mention":
            store.put("meta_graph.tagged_posts", f"{person['id']}_{number}", row["occurred_at"], record)
            continue
        is_new = row["post_id"] not in posts
        post = f"{PAGE}_{posts.of(row['post_id'])}"
        if is_new:
            _put_post(store, "posts", post, row["occurred_at"], {"message": row["post_id"], "shares": {"count": 1}})
        comment = f"{post.partition('_')[2]}_{number}"
        store.put("meta_graph.comments", comment, row["occurred_at"], record | {"post_id": post})


def _put_instagram(store: Store, rows: Sequence[Row]) -> None:
    media, numbers = Numbers(18_000_000_000_000_001), Numbers(17_900_000_000_000_001)
    for row in rows:
        record: dict[str, Any] = {"username": row["handle"]}
        number = str(numbers.of(row["interaction_id"]))
        if row["type"] == "mention":
            caption = {"caption": TEXTS[row["sentiment"]]}
            store.put("meta_graph.tagged_media", number, row["occurred_at"], record | caption)
            continue
        is_new = row["post_id"] not in media
        post = str(media.of(row["post_id"]))
        if is_new:
            shown = {"caption": row["post_id"], "media_type": "IMAGE", "media_product_type": "FEED"}
            _put_post(store, "media", post, row["occurred_at"], shown)
        record |= {"text": TEXTS[row["sentiment"]], "media_id": post}
        store.put("meta_graph.media_comments", number, row["occurred_at"], record)


def _put_post(store: Store, kind: str, number: str, first_told: datetime, record: dict[str, Any]) -> None:
    """A post, an hour before the first comment on it."""
    store.put(f"meta_graph.{kind}", number, first_told - POST_AGE, record)
