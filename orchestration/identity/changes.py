"""What publishing would change about who is who: the marts of the warehouse beside the published generation.

Only identifiers both know are compared, and only people who are known by more than a device count: that a visitor
becomes known is daily business, and so is that a shared device goes to whoever logged in last; that two customers
become one is not. A person remains where most of the identifiers are; the others are split off when they make a person
of their own, and have moved when they belong to one whom others make up. How much change may be published without a
person looking at it is a setting (`identity_budget_…`).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.warehouse import attach_warehouse
from orchestration.publish.damage import damage_told
from orchestration.publish.pointer import DATABASE, served_generation

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

STAGES = ("six_phase_stage", "relationship_subphase", "customer_segment", "experience_stage")

_SHARED = """
create temp table shared as
    select published.customer_id as old_id, candidate.customer_id as new_id, count(*) as identifier_count
    from published.marts.customer_identifiers as published
    inner join warehouse.marts.customer_identifiers as candidate using (identifier_type, identifier_value)
    inner join published.marts.customer_profile as known on known.customer_id = published.customer_id
    where known.is_identified
        and concat(identifier_type, ':', identifier_value) not in (
            select identifier_key from warehouse.identity.unclaimed_devices
        )
    group by all;
create temp table remaining as
    select
        old_id,
        max_by(new_id, {'identifiers': identifier_count, 'is_same': old_id = new_id, 'id': new_id}) as new_id,
    from shared
    group by old_id;
create temp table parts as
    select old_id, new_id in (select new_id from remaining) as is_moved
    from shared
    anti join remaining using (old_id, new_id);
create temp table merged as select new_id from remaining group by new_id having count(*) > 1;
create temp table parted as select old_id from parts group by old_id;
"""


class IdentityBudgetError(LifecycleError):
    """Publishing would change who more people are than the settings allow; the message says how many and what to do."""


@dataclass(frozen=True, slots=True)
class IdentityChanges:
    """Who changes by publishing.

    Args:
        generation: the published generation; None before the first publication.
        known_count: published people known by more than a device.
        merged_count: how many of them become part of another one.
        split_count: of how many of them a part becomes a person of its own.
        moved_count: of how many of them an identifier goes to another one.
        largest_count: identifiers of the largest customer that is new or has more of them than published: also one that
            many newcomers were joined into; 0 when there is none.
        moved_revenue_amount: published revenue whose touchpoint changes to another person by any of these.
        revenue_amount: all published revenue.
        stage_counts: by model column and stage, people published and people in the candidate, where they differ.
    """

    generation: str | None
    known_count: int = 0
    merged_count: int = 0
    split_count: int = 0
    moved_count: int = 0
    largest_count: int = 0
    moved_revenue_amount: Decimal = Decimal(0)
    revenue_amount: Decimal = Decimal(0)
    stage_counts: tuple[tuple[str, str, int, int], ...] = ()

    @property
    def changed_count(self) -> int:
        """Published people merged, split, or losing an identifier to another one; who is two of these counts twice."""
        return self.merged_count + self.split_count + self.moved_count

    def excesses(self, settings: Settings) -> list[str]:
        """What exceeds the budget, in words; empty when it may be published."""
        allowed = max(settings.identity_budget_people, settings.identity_budget_share * self.known_count)
        found = []
        if self.changed_count > allowed:
            found.append(
                f"{self.changed_count:,} of {self.known_count:,} known people would be merged or split, or lose an"
                f" identifier to another one; allowed are {int(allowed):,}"
                " (LIFECYCLE_IDENTITY_BUDGET_SHARE, LIFECYCLE_IDENTITY_BUDGET_PEOPLE)"
            )
        if self.changed_count > settings.identity_budget_people and self.moved_revenue_amount > (
            Decimal(str(settings.identity_budget_share)) * self.revenue_amount
        ):
            found.append(
                f"{self.moved_revenue_amount:,.2f} of {self.revenue_amount:,.2f} revenue would move to other people;"
                f" allowed is a share of {settings.identity_budget_share} (LIFECYCLE_IDENTITY_BUDGET_SHARE)"
            )
        if self.largest_count > settings.identity_budget_identifiers:
            found.append(
                f"a new or grown customer would have {self.largest_count:,} identifiers; allowed are"
                f" {settings.identity_budget_identifiers:,} (LIFECYCLE_IDENTITY_BUDGET_IDENTIFIERS)"
            )
        return found

    def as_text(self) -> str:
        """The comparison as lines for a terminal."""
        if self.generation is None:
            return "Nothing is published yet, so there is nothing to compare with."
        lines = [
            f"Compared with {self.generation} ({self.known_count:,} known people)",
            f"  merged into another   {self.merged_count:,}",
            f"  split                 {self.split_count:,}",
            f"  identifier moves      {self.moved_count:,}",
            f"  largest new customer  {self.largest_count:,} identifiers",
            f"  revenue that moves    {self.moved_revenue_amount:,.2f} of {self.revenue_amount:,.2f}",
        ]
        if self.stage_counts:
            lines += ["", "People per stage, published → now"]
        lines += [f"  {model:<22} {stage:<20} {old:,} → {new:,}" for model, stage, old, new in self.stage_counts]
        return "\n".join(lines)


def changes_since_publication(settings: Settings) -> IdentityChanges:
    """Compare the marts of the warehouse with the published generation.

    Raises:
        WarehouseMissingError: when nothing was built yet.
        WarehouseLockedError: while a run writes.
        DamagedGenerationError: when the published file cannot be read.
    """
    generation = served_generation(settings.serving)
    if generation is None:
        return IdentityChanges(None)
    with attach_warehouse(settings) as connection, damage_told(settings):
        connection.execute(f"attach '{settings.serving / DATABASE}' as published (read_only)")
        connection.execute(_SHARED)
        return IdentityChanges(generation, *_people(connection), *_revenue(connection), _stage_counts(connection))


def require_within_budget(settings: Settings) -> None:
    """Raise IdentityBudgetError when publishing would change more people than the settings allow."""
    excesses = changes_since_publication(settings).excesses(settings)
    if excesses:
        lines = "\n".join(f"  - {excess}" for excess in excesses)
        raise IdentityBudgetError(
            f"Not published: more of who is who would change than may go unseen.\n{lines}\n"
            "Readers keep the last good generation. `lifecycle identity diff` shows the change, `lifecycle explain` its"
            " reasons. If it is right, `lifecycle publish --accept-identity-changes` publishes it."
        )


def _people(connection: DuckDBPyConnection) -> tuple[int, int, int, int, int]:
    return connection.execute(
        """
        select
            (select count(*) from published.marts.customer_profile where is_identified),
            (select count(*) - count(distinct new_id) from remaining),
            (select count(distinct old_id) from parts where not is_moved),
            (select count(distinct old_id) from parts where is_moved),
            coalesce((
                select max(candidate.identifier_count)
                from warehouse.marts.customer_profile as candidate
                left join published.marts.customer_profile as published using (customer_id)
                where candidate.identifier_count > coalesce(published.identifier_count, 0)
            ), 0)
        """
    ).fetchone()


def _revenue(connection: DuckDBPyConnection) -> tuple[Decimal, Decimal]:
    return connection.execute(
        """
        with moved as (
            select published.revenue_amount
            from published.marts.customer_touchpoints as published
            inner join warehouse.marts.customer_touchpoints as candidate using (touchpoint_id)
            where published.revenue_amount is not null
                and published.customer_id <> candidate.customer_id
                and (published.customer_id in (from parted) or candidate.customer_id in (from merged))
        )
        select
            coalesce((select sum(abs(revenue_amount)) from moved), 0)::decimal(18, 2),
            coalesce((select sum(abs(revenue_amount)) from published.marts.customer_touchpoints), 0)::decimal(18, 2)
        """
    ).fetchone()


def _stage_counts(connection: DuckDBPyConnection) -> tuple[tuple[str, str, int, int], ...]:
    found: list[tuple[str, str, int, int]] = []
    for column in STAGES:
        sides = [
            f"select {column} as stage, count(*) as people from {side}.marts.customer_profile group by all"
            for side in ("published", "warehouse")
        ]
        found += connection.execute(
            f"select '{column}', stage, coalesce(old.people, 0), coalesce(new.people, 0)"
            f" from ({sides[0]}) as old full outer join ({sides[1]}) as new using (stage)"
            " where old.people is distinct from new.people and stage is not null order by stage"
        ).fetchall()
    return tuple(found)
