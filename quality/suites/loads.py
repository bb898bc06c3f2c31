"""SQL about what the latest loads of a table brought, for checks that compare deliveries with earlier ones.

Only the words live here; which statements are made with them stands in `deliveries.py` and `times.py`, about which
tables in `staged.py`, too. A load is fresh for a check until the check has found it usual, so a delivery that was
stopped is examined again after it was corrected.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ingestion.contract import Entity
from ingestion.raw import FILES_SCHEMA, FILES_SOURCE
from quality.measurements import TABLE as MEASUREMENTS


@dataclass(frozen=True, slots=True)
class Deliveries:
    """The loads of one raw table as one check sees them.

    Args:
        source: name of the source in `ops.loads`.
        entity: name of the entity there.
        table: `schema.table` of the rows.
        key: columns that identify a record.
        check: name of the check.
        place: where a person finds what was delivered last.
    """

    source: str
    entity: str
    table: str
    key: tuple[str, ...]
    check: str
    place: str

    @property
    def rows(self) -> str:
        """The rows with the load each came in as `_load_seq`; what stands behind `from`."""
        return self.table

    @property
    def known(self) -> str:
        """The check's own earlier findings that were usual, as a subquery."""
        return (
            f"(select * from {MEASUREMENTS} where table_name = '{self.table}' and check_name = '{self.check}' "
            "and is_usual)"
        )

    @property
    def record(self) -> str:
        """A hash of the key: which record a row is about."""
        return f"hash({', '.join(quoted_all(self.key))})"

    @property
    def fresh_loads(self) -> str:
        """CTE `fresh_loads`: loads the check has not found usual yet."""
        return self._loads("true")

    @property
    def fresh_deliveries(self) -> str:
        """The same, without loads of rows released from quarantine: those were delivered before."""
        return self._loads("released_from is null")

    def _loads(self, condition: str) -> str:
        return f"""fresh_loads as (
            select load_seq, delivered_count, load_seq = max(load_seq) over () as is_newest
            from ops.loads
            where source = '{self.source}' and entity = '{self.entity}' and status = 'loaded'
                and load_seq not in (select batch::bigint from {self.known}) and {condition}
        )"""

    @property
    def fresh_rows(self) -> str:
        """CTEs `fresh_loads` and `fresh_rows`: their rows, without those a later load has corrected.

        Before the first finding nothing is corrected: then all loads are fresh, and nothing is compared yet.
        """
        return f"""{self.fresh_loads}, delivered_rows as (
            select * from {self.rows} as delivered semi join fresh_loads on delivered._load_seq = fresh_loads.load_seq
        ), corrected as (
            select {self.record} as record_hash, max(_load_seq) as last_load_seq
            from delivered_rows where exists (select 1 from {self.known})
            group by 1 having min(_load_seq) < max(_load_seq)
        ), fresh_rows as (
            select delivered_rows.*, {self.record} as record_hash from delivered_rows
            left join corrected on corrected.record_hash = {self.record}
            where corrected.last_load_seq is null or corrected.last_load_seq = delivered_rows._load_seq
        )"""


@dataclass(frozen=True, slots=True)
class StagedDeliveries(Deliveries):
    """The same of a connector's staging model, which has the columns of the contract.

    A load counts here when it brought a record of the model, whatever raw tables that is made from.

    Args:
        columns: columns of the contract the checks ask for; the model may lack those its vendor does not know.
    """

    columns: tuple[str, ...] = ()

    @property
    def rows(self) -> str:
        """The model's rows with every column that is asked for, empty where the model has none."""
        asked = ", ".join(f'null as "{column}"' for column in self.columns)
        return (
            f"(select * exclude (load_seq), load_seq as _load_seq "
            f"from (select {asked} where false union all by name from {self.table}))"
        )

    def _loads(self, _condition: str) -> str:
        return f"""fresh_loads as (
            select load_seq, count(*) as delivered_count, load_seq = max(load_seq) over () as is_newest
            from {self.table} where load_seq not in (select batch::bigint from {self.known}) group by load_seq
        )"""


LoadsOf = Callable[[str], Deliveries]


def deliveries_of(entity: Entity) -> LoadsOf:
    """The files of one entity as the check of a name sees them."""
    return partial(
        Deliveries,
        FILES_SOURCE,
        entity.table,
        f"{FILES_SCHEMA}.{entity.table}",
        entity.key,
        place=f"the newest files of inbox/{entity.path}",
    )


def quoted_all(columns: tuple[str, ...] | list[str]) -> list[str]:
    """The columns as SQL identifiers."""
    return [f'"{column}"' for column in columns]


def delivered_value(row: str, column: str) -> str:
    """SQL of what a rejected row holds for a column of the contract; its name is read as `ingestion/files` reads it."""
    name = r"lower(regexp_replace(name, '^[\s\p{Z}\x{feff}]+|[\s\p{Z}\x{feff}]+$', '', 'g'))"
    spelling = f"list_filter(json_keys({row}), lambda name: {name} = '{column}')[1]"
    return f"json_extract_string({row}, '/' || replace(replace({spelling}, '~', '~0'), '/', '~1'))"
