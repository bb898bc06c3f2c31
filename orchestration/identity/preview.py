"""What overrides would change, found by resolving the people concerned in a copy, with the very models of the run.

The copy holds only the evidence groups of the identifiers concerned, lies in the data directory and is deleted at once.
Nothing is applied here: that is done by the run that reads the delivered overrides.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.warehouse import attach_warehouse, connect, make_private_directory
from orchestration.identity.decisions import ALWAYS
from orchestration.identity.lookup import shown

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from orchestration.identity.decisions import Override

MODELS = "path:dbt_project/models/identity"
BESIDE_RESOLUTION = (
    *("sightings", "violations", "decision_violations", "link_decisions", "customers"),
    *("compared_customers", "log", "retired_customer_ids", "resolutions", "resolved_inputs", "device_periods"),
    *("unclaimed_devices", "customer_identifiers_map", "matched_contacts", "contact_matches", "proposals"),
)
SEEDS = ("blocked_identifier_values", "role_mailboxes", "identifier_limits")


class PreviewError(LifecycleError):
    """The people concerned could not be resolved in a copy."""


@dataclass(frozen=True, slots=True)
class Person:
    """One customer before or after.

    Args:
        customer_id: its id.
        identifiers: its identifiers, as keys.
        order_count: paid orders.
        revenue_amount: their revenue.
        stage: present customer segment; None when the run would compute it anew.
    """

    customer_id: str
    identifiers: tuple[str, ...]
    order_count: int
    revenue_amount: Decimal
    stage: str | None

    def line(self, reveal: bool) -> str:
        """The customer as a line for a terminal."""
        names = ", ".join(shown(key, reveal) for key in self.identifiers)
        stage = self.stage or "stages are computed anew"
        return f"  {self.customer_id}: {self.order_count} orders, revenue {self.revenue_amount:,.2f}, {stage}: {names}"


@dataclass(frozen=True, slots=True)
class Preview:
    """What overrides would change.

    Args:
        before: the customers concerned as they are.
        after: the customers they would be.
        moved_identifier_count, moved_order_count, moved_revenue_amount, moved_touchpoint_count: what would change
            its customer.
    """

    before: tuple[Person, ...]
    after: tuple[Person, ...]
    moved_identifier_count: int
    moved_order_count: int
    moved_revenue_amount: Decimal
    moved_touchpoint_count: int

    def as_text(self, *, reveal: bool = False) -> str:
        """The preview as lines for a terminal."""
        if not self.moved_identifier_count:
            return "Changes nobody at present; it holds for what is delivered later."
        return "\n".join(
            [
                "Now",
                *(person.line(reveal) for person in self.before),
                "Then",
                *(person.line(reveal) for person in self.after),
                f"Would move: {self.moved_identifier_count} identifiers, {self.moved_order_count} orders, revenue"
                f" {self.moved_revenue_amount:,.2f}, {self.moved_touchpoint_count} touchpoints; customers"
                f" {len(self.before)} → {len(self.after)}",
            ]
        )


def preview(settings: Settings, overrides: Sequence[Override]) -> Preview:
    """Resolve the people the overrides concern, in a copy.

    Raises:
        PreviewError: when dbt fails on the copy.
        WarehouseLockedError: while a run writes.
    """
    keys = sorted({key for override in overrides for key in override.keys})
    make_private_directory(settings.data_dir)
    with TemporaryDirectory(prefix=".preview_", dir=settings.data_dir) as folder:
        copy = Settings(**{**settings.model_dump(), "data_dir": Path(folder)}, _env_file=None)
        concerned = _copy_inputs(settings, copy, keys, overrides)
        _resolve(copy)
        with connect(copy, read_only=True) as connection:
            then = dict(
                connection.execute("select identifier_key, customer_id from identity.resolved_identifiers").fetchall()
            )
    linked = {key for override in overrides if override.action == ALWAYS for key in override.keys}
    with connect(settings, read_only=True) as connection:
        for device, login in connection.execute(
            "select identifier_key, login_key from identity.unclaimed_devices"
            " where identifier_key in (select unnest(?::varchar[]))",
            [sorted(then.keys() - linked)],
        ).fetchall():
            then[device] = then[login]
        return _compared(connection, concerned, then)


def _copy_inputs(
    settings: Settings, copy: Settings, keys: Sequence[str], overrides: Sequence[Override]
) -> dict[str, str]:
    """Make the copy; returns the customer of every identifier concerned."""
    with attach_warehouse(settings) as connection:
        connection.execute(f"attach '{copy.data_dir / 'warehouse.duckdb'}' as copied")
        for schema in ("conformed", "identity", "ops"):
            connection.execute(f"create schema copied.{schema}")
        connection.execute(
            "create temp table concerned as select identifier_key, customer_id from"
            " warehouse.identity.customer_identifiers_map where evidence_group in (select evidence_group from"
            " warehouse.identity.customer_identifiers_map where identifier_key in (select unnest(?::varchar[])))",
            [keys],
        )
        for seed in SEEDS:
            connection.execute(f"create table copied.identity.{seed} as from warehouse.identity.{seed}")
        connection.execute("create table copied.ops.run_context as from warehouse.ops.run_context")
        _copy_sightings(connection)
        connection.execute(
            "create table copied.conformed.crm_contacts as from warehouse.conformed.crm_contacts"
            " where 'contact_id:' || source || ':' || contact_id in (select identifier_key from concerned)"
        )
        connection.execute(
            "create table copied.identity.contact_matches as from warehouse.identity.contact_matches"
            " where left_key in (select identifier_key from concerned)"
            " and right_key in (select identifier_key from concerned)"
        )
        _copy_overrides(connection, overrides)
        return dict(connection.execute("from concerned").fetchall())


def _copy_sightings(connection: DuckDBPyConnection) -> None:
    columns = connection.execute(
        "select column_name from duckdb_columns() where database_name = 'warehouse' and schema_name = 'identity'"
        " and table_name = 'sightings' and column_name like '%\\_key' escape '\\' and column_name <> 'record_key'"
    ).fetchall()
    names_one = " or ".join(f"{column} in (select identifier_key from concerned)" for (column,) in columns)
    connection.execute(f"create table copied.identity.sightings as from warehouse.identity.sightings where {names_one}")


def _copy_overrides(connection: DuckDBPyConnection, overrides: Sequence[Override]) -> None:
    """Earlier overrides without those replaced, and the new ones as if the run at hand knew them."""
    connection.execute(
        "create table copied.conformed.reference_identity_overrides as"
        " from warehouse.conformed.reference_identity_overrides where override_id not in (select unnest(?::varchar[]))",
        [[override.override_id for override in overrides]],
    )
    for override in overrides:
        connection.execute(
            "insert into copied.conformed.reference_identity_overrides by name"
            " select 'files:' || $1 as record_key, 'files' as source, $1 as override_id, $2 as action,"
            " $3 as left_type, $4 as left_value, $5 as right_type, $6 as right_value, $7 as reason,"
            " as_of_end - interval '1' microsecond as created_at, 9223372036854775807 as load_seq,"
            " 9223372036854775807 as first_load_seq from copied.ops.run_context",
            [
                *(override.override_id, override.action, override.left_type, override.left_value),
                *(override.right_type, override.right_value, override.reason),
            ],
        )


def _resolve(copy: Settings) -> None:
    from orchestration.resources import DBT, dbt_environment

    target = str(copy.data_dir / "dbt")
    result = subprocess.run(
        [
            *(DBT, "run", "--quiet", "--select", MODELS, "--exclude", *BESIDE_RESOLUTION),
            *("--profiles-dir", str(PROJECT_ROOT), "--project-dir", str(PROJECT_ROOT), "--log-level-file", "none"),
        ],
        env={**os.environ, **dbt_environment(copy), "DBT_TARGET_PATH": target, "DBT_LOG_PATH": target},
        capture_output=True,
        check=False,
    )
    if result.returncode:
        raise PreviewError(
            "The people concerned could not be resolved in a copy, so there is no preview. Run `lifecycle run`, then"
            " try again."
        )


def _compared(connection: DuckDBPyConnection, now: dict[str, str], then: dict[str, str]) -> Preview:
    moved = sorted(key for key, customer in now.items() if then[key] != customer)
    customers = {now[key] for key in moved} | {then[key] for key in moved}
    orders = {key: (count, revenue) for key, count, revenue in _orders(connection, list(now))}
    stages = _stages(connection, sorted(customers))
    return Preview(
        before=_people(now, customers, orders, stages),
        after=_people(then, customers, orders, {}),
        moved_identifier_count=len(moved),
        moved_order_count=sum(orders[key][0] for key in moved if key in orders),
        moved_revenue_amount=sum((orders[key][1] for key in moved if key in orders), Decimal(0)),
        moved_touchpoint_count=_touchpoint_count(connection, moved),
    )


def _people(
    people: dict[str, str], customers: set[str], orders: dict[str, tuple[int, Decimal]], stages: dict[str, str]
) -> tuple[Person, ...]:
    members: dict[str, list[str]] = {}
    for key, customer in sorted(people.items()):
        if customer in customers:
            members.setdefault(customer, []).append(key)
    return tuple(
        Person(
            customer_id=customer,
            identifiers=tuple(keys),
            order_count=sum(orders[key][0] for key in keys if key in orders),
            revenue_amount=sum((orders[key][1] for key in keys if key in orders), Decimal(0)),
            stage=stages.get(customer),
        )
        for customer, keys in sorted(members.items())
    )


def _orders(connection: DuckDBPyConnection, keys: list[str]) -> list[tuple[str, int, Decimal]]:
    return connection.execute(
        "select identifier_key, count(*), sum(revenue_amount)::decimal(18, 2) from conformed.crm_orders"
        " where is_purchase and identifier_key in (select unnest(?::varchar[])) group by all",
        [keys],
    ).fetchall()


def _stages(connection: DuckDBPyConnection, customers: list[str]) -> dict[str, str]:
    return dict(
        connection.execute(
            "select customer_id, customer_segment from marts.customer_profile"
            " where customer_id in (select unnest(?::varchar[])) and customer_segment is not null",
            [customers],
        ).fetchall()
    )


def _touchpoint_count(connection: DuckDBPyConnection, keys: list[str]) -> int:
    (count,) = connection.execute(
        "select count(*) from lifecycle.touchpoints where identifier_key in (select unnest(?::varchar[]))", [keys]
    ).fetchone()
    return count
