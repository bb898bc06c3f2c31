"""What all chunks of people share: seed, time, behaviour, product catalogue, and the numbering of rows.

The world is decided before the first person. People, orders and visits are drawn chunk by chunk in the other modules,
each with a random generator of its own, so that a change in one module leaves the others' draws alone.
"""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from ingestion.sandbox import vocabulary as words
from ingestion.sandbox.behaviour import Behaviour
from ingestion.sandbox.timeline import Timeline, timeline_ending


@dataclass(frozen=True)
class Catalogue:
    """Products: number = category * PRODUCTS_PER_CATEGORY + rank by price; prices and costs in euro cents."""

    prices: np.ndarray
    costs: np.ndarray
    ids: tuple[str, ...]
    names: tuple[str, ...]
    categories: tuple[str, ...]

    def nearest(self, category: np.ndarray, cents: np.ndarray) -> np.ndarray:
        """The product of each category whose price is nearest to the wanted value on a logarithmic scale."""
        low, high = np.array(words.CATEGORY_PRICES, dtype=float).T
        share = np.log(cents / low[category]) / np.log(high[category] / low[category])
        rank = np.clip(np.round(share * (words.PRODUCTS_PER_CATEGORY - 1)), 0, words.PRODUCTS_PER_CATEGORY - 1)
        return category * words.PRODUCTS_PER_CATEGORY + rank.astype(np.int64)


@dataclass
class World:
    """The frame of one simulation; `numbering` counts rows per entity over all chunks."""

    seed: int
    people: int
    behaviour: Behaviour
    timeline: Timeline
    catalogue: Catalogue
    numbering: Counter[str] = field(default_factory=Counter)

    def rng(self, topic: str, chunk: int = -1) -> np.random.Generator:
        """The random generator of one topic in one chunk of people (-1: not about people)."""
        return np.random.default_rng([self.seed, self.people, chunk + 1, zlib.crc32(topic.encode())])

    def next_numbers(self, entity: str, count: int) -> np.ndarray:
        """The next running numbers of an entity's rows."""
        first = self.numbering[entity] + 1
        self.numbering[entity] += count
        return np.arange(first, first + count)


def world_of(people: int, seed: int, end: date, behaviour: Behaviour | None = None) -> World:
    """The world in which `people` people live the three years up to `end`."""
    behaviour = behaviour or Behaviour()
    return World(seed, people, behaviour, timeline_ending(end, behaviour.growth_per_year), _catalogue())


def _catalogue() -> Catalogue:
    prices, costs, ids, names, categories = [], [], [], [], []
    for number, category in enumerate(words.CATEGORIES):
        low, high = words.CATEGORY_PRICES[number]
        for rank, price in enumerate(np.geomspace(low, high, words.PRODUCTS_PER_CATEGORY)):
            cents = int(round(price / 10) * 10 + 9)
            prices.append(cents)
            costs.append(round(cents * words.CATEGORY_COSTS[number]))
            ids.append(f"P{number + 1}{rank + 1:03d}")
            names.append(f"{category.capitalize()} No. {rank + 1}")
            categories.append(category)
    return Catalogue(np.array(prices), np.array(costs), tuple(ids), tuple(names), tuple(categories))
