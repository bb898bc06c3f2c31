"""The sample company as a whole: its people chunk after chunk, and what is summed over all of them.

The only entry from outside is `write_company`. What one chunk of people does is `lives.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.advertising import AdLedger, write_ad_spend, write_page_metrics
from ingestion.sandbox.behaviour import Behaviour
from ingestion.sandbox.divided import DividedWriter
from ingestion.sandbox.flaws import plant_unknown_column, write_flaws
from ingestion.sandbox.lives import Desk, live
from ingestion.sandbox.mail_rows import write_campaigns
from ingestion.sandbox.marketing import campaign_calendar
from ingestion.sandbox.reference import write_reference
from ingestion.sandbox.truth import TruthWriter
from ingestion.sandbox.world import world_of
from ingestion.sandbox.writer import InboxWriter

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class VendorRows:
    """Where the rows of a company with vendors go.

    Args:
        folder: receives `<entity>.parquet`, from which the sandbox is filled.
        ahead: days at the end of the simulation that have not come yet.
    """

    folder: Path
    ahead: int = 0


@dataclass(frozen=True)
class CompanySummary:
    """What was written.

    Args:
        people: how many people were simulated.
        start: first day.
        end: last day.
        row_counts: rows delivered as files per entity, planted bad rows included.
        file_count: files in the inbox.
    """

    people: int
    start: date
    end: date
    row_counts: dict[str, int]
    file_count: int

    @property
    def row_count(self) -> int:
        """Delivered rows of all entities."""
        return sum(self.row_counts.values())


def write_company(  # noqa: PLR0913 - a simulation has this many sides
    people: int,
    seed: int,
    end: date,
    inbox: Path,
    truth: Path,
    progress: Progress | None = None,
    behaviour: Behaviour | None = None,
    *,
    vendors: VendorRows | None = None,
) -> CompanySummary:
    """Simulate the company and write its files; the same arguments give byte-identical files.

    Args:
        people: how many people, at least 100.
        seed: seed of all random draws.
        end: business date the three years end with.
        inbox: folder that receives `<domain>/<entity>/<file>`.
        truth: folder that receives the truth.
        progress: called with people done and people in all after each chunk.
        behaviour: rates and shares, the usual ones if not given.
        vendors: where the rows go from which its vendors are served; without, everything comes as files.

    Returns:
        What was written.

    Raises:
        ValueError: fewer than 100 people.
    """
    if people < 100:
        raise ValueError(f"a company of {people} people is too small to show anything; ask for at least 100")
    world = world_of(people, seed, end, behaviour)
    timeline = world.timeline
    work = truth / ".unfinished"
    files = (
        InboxWriter(inbox, work, timeline)
        if vendors is None
        else DividedWriter(inbox, work, timeline, vendors.ahead, vendors.folder)
    )
    with TruthWriter(truth) as truth_writer, files as writer:
        desk = Desk(writer, truth_writer, Adversity(world), AdLedger(world), campaign_calendar(timeline))
        plant_unknown_column(writer, desk.adversity)
        _let_everybody_live(desk, progress)
        _write_sums(desk)
        if isinstance(writer, DividedWriter):
            writer.divide()
        write_flaws(writer, desk.adversity)
        row_counts = dict(writer.row_counts)
        truth_writer.write_planted(desk.adversity, timeline, row_counts)
    return CompanySummary(people, timeline.start, end, row_counts, len(writer.paths))


def _let_everybody_live(desk: Desk, progress: Progress | None) -> None:
    everybody, size = desk.world.people, desk.world.behaviour.people_per_chunk
    for chunk, first in enumerate(range(0, everybody, size)):
        count = min(size, everybody - first)
        live(desk, chunk, first, count)
        if progress is not None:
            progress(first + count, everybody)


def _write_sums(desk: Desk) -> None:
    """What is not about single people: campaigns, reference data, advertising and page figures."""
    write_campaigns(desk.writer, desk.world, desk.campaigns)
    write_reference(desk.writer, desk.world)
    write_ad_spend(desk.writer, desk.ledger)
    write_page_metrics(desk.writer, desk.ledger)
