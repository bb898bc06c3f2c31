"""Gate 1 against history: a delivery is like the earlier ones of its source in size, completeness, amounts and time.

What a single row must look like is stated in `raw.py`; here whole deliveries are judged. A delivery that is stopped
stays in the raw tables; rows delivered again under the same key replace it, and a person can declare it right.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from ingestion.contract import ENTITIES, Entity, EntityKind, ValueType
from ingestion.sources.model import Connector, Resource
from ingestion.sources.registry import CONNECTORS
from quality.checks import Band, Check, Severity, Unit
from quality.suites.loads import Deliveries, LoadsOf, delivered_value, deliveries_of, quoted_all
from quality.suites.times import times_are_not_shifted
from quality.suites.vocabulary import Subject

ROWS_WORTH_A_SHARE = 20
ROWS_WORTH_A_MEDIAN = 5
UNKNOWN_VALUES_TOLERATED = 4
UNKNOWN_SHARE_TOLERATED = 0.01
DOUBLED_ROWS_TOLERATED = 4
DOUBLED_SHARE_TOLERATED = 0.2
# What is read on from a cursor is small or empty when little has changed: one load is no history, and only none at all
# says something. A file without a row is written by somebody: after thousands of rows one load is history enough. What
# is delivered as a whole each time is as large as before.
LOADS_NEEDED = 5
ROWS_OF_A_LARGE_FILE = 1000

NOT_EMPTY = Band(unit=Unit.LOAD, spreads=0, factor=1000, minimum_level=100, is_upper=False)
NOT_EMPTY_AFTER_MANY = Band(unit=Unit.LOAD, minimum_history=LOADS_NEEDED, at_least=1, minimum_level=100, is_upper=False)
NO_EMPTY_FILE = replace(
    NOT_EMPTY_AFTER_MANY, minimum_history=1, full_history=LOADS_NEEDED, early_level=ROWS_OF_A_LARGE_FILE
)
COMPLETE = Band(unit=Unit.LOAD, spreads=0, share=0.5, minimum_level=20, is_upper=False)
AS_FILLED = Band(unit=Unit.LOAD, minimum_history=3, floor=0.25, sampling_errors=3, is_lower=False)
OF_THE_USUAL_SIZE = Band(unit=Unit.LOAD, factor=10)

IDENTIFYING = ("email", "phone", "contact_id", "user_id", "loyalty_id")
# Who looks and does not log in is nobody yet: how many do so depends on the day.
MAY_BE_ANONYMOUS = ("web_events",)
# The one amount of each entity that says what its records are worth; revenue is stopped, budgets are reported.
AMOUNTS = {
    "crm_orders": ("net_amount", Severity.ERROR),
    "crm_order_lines": ("unit_price", Severity.ERROR),
    "crm_subscriptions": ("mrr_amount", Severity.ERROR),
    "crm_deals": ("amount", Severity.WARN),
    "social_ad_spend": ("spend_amount", Severity.WARN),
    "web_events": ("value_amount", Severity.WARN),
}


def checks() -> tuple[Check, ...]:
    """All checks of deliveries against earlier ones."""
    files = (check for entity in ENTITIES for check in _checks_of_files(entity))
    # A folder of exported files is read on from file to file: between two of them there is nothing, and that is right.
    apis = (one for one in CONNECTORS if one.files is None)
    pulled = (check for one in apis for resource in one.resources for check in _checks_of_pulled(one, resource))
    return (*files, *pulled)


def _checks_of_files(entity: Entity) -> tuple[Check, ...]:
    subject = Subject(
        f"raw_files.{entity.table}",
        f"Look at the newest files in inbox/{entity.path}, have the source corrected, deliver the rows again.",
    )
    loads_of = deliveries_of(entity)
    return (
        _is_not_empty(subject, loads_of("delivery_is_not_empty"), NO_EMPTY_FILE),
        *blanks(subject, entity, loads_of),
        *amounts(subject, entity, loads_of),
        *times_are_not_shifted(subject, entity, loads_of),
        *_doubles(subject, entity),
        *_unknown_values(subject, entity),
    )


def _checks_of_pulled(connector: Connector, resource: Resource) -> tuple[Check, ...]:
    table = resource.table
    subject = Subject(
        f"{connector.schema}.{table.name}", f"Look at {connector.title} and the rights of its credentials, run again."
    )
    loads_of = partial(Deliveries, connector.name, table.name, subject.table, table.key, place=connector.title)
    is_empty = loads_of("delivery_is_not_empty")
    if resource.cursor is not None:
        return (_is_not_empty(subject, is_empty, NOT_EMPTY_AFTER_MANY),)
    return (_is_not_empty(subject, is_empty, NOT_EMPTY), _is_complete(subject, loads_of("delivery_is_complete")))


def _is_complete(subject: Subject, loads: Deliveries) -> Check:
    return subject.measured(
        loads.check,
        "What a vendor delivers as a whole every time has not suddenly lost half of its records.",
        f"""with {loads.fresh_deliveries}
        select '' as category, load_seq as batch, delivered_count as value, delivered_count as sample_size,
            is_newest as is_judged
        from fresh_loads""",
        COMPLETE,
        remedy="Ask the vendor whether the records were deleted there and whether the credentials still see all.",
        severity=Severity.WARN,
    )


def _is_not_empty(subject: Subject, loads: Deliveries, band: Band) -> Check:
    return subject.measured(
        loads.check,
        "A source that delivered many records does not suddenly deliver none.",
        f"""with {loads.fresh_deliveries}
        select '' as category, load_seq as batch, delivered_count as value, delivered_count as sample_size,
            is_newest as is_judged
        from fresh_loads""",
        band,
        remedy="Ask the source why its last delivery is empty, have it deliver again.",
    )


def blanks(subject: Subject, entity: Entity, loads_of: LoadsOf) -> tuple[Check, ...]:
    """Identifiers and other optional columns are filled as often as before."""
    optional = [column.name for column in entity.columns if not column.required]
    identifying = [name for name in optional if name in IDENTIFYING]
    others = [name for name in optional if name not in IDENTIFYING]
    severity_of_identity = Severity.WARN if entity.table in MAY_BE_ANONYMOUS else Severity.ERROR
    identity = ("identifiers_are_filled_as_usual", "The identifiers", identifying, severity_of_identity)
    rest = ("columns_are_filled_as_usual", "The other columns", others, Severity.WARN)
    return tuple(
        subject.measured(
            name,
            f"{what} of new rows are not blank more often than before: {', '.join(columns)}.",
            _blank_shares(loads_of(name), columns),
            AS_FILLED,
            severity=severity,
        )
        for name, what, columns, severity in (identity, rest)
        if columns and entity.kind is not EntityKind.REFERENCE
    )


def _blank_shares(loads: Deliveries, columns: list[str]) -> str:
    """Share of blanks per column in all fresh loads together, as single files are often small; at first of each load.

    What the first loads measure becomes the history, and one figure would be too little of it. Small ones that follow
    on each other are one measurement there: by twice the rows that are worth a share, each has at least these.
    """
    counted = ", ".join(f"count({column}) as {column}" for column in quoted_all(columns))
    filled = ", ".join(f"sum({column}) as {column}" for column in quoted_all(columns))
    return f"""with {loads.fresh_rows}, counted as (
        select _load_seq, count(*) as row_count, sum(count(*)) over (order by _load_seq) - count(*) as rows_before,
            {counted}
        from fresh_rows group by _load_seq
    ), filled as (
        select sum(row_count)::bigint as row_count, max(_load_seq) as batch, {filled} from counted
        group by case when not exists (select 1 from {loads.known}) then rows_before // {2 * ROWS_WORTH_A_SHARE} end
    )
    select category, batch, case when row_count >= {ROWS_WORTH_A_SHARE} then 1 - filled_count / row_count end as value,
        row_count as sample_size, true as is_judged
    from (unpivot filled on {", ".join(quoted_all(columns))} into name category value filled_count)
    union all
    select 'load', load_seq, null, delivered_count, false from fresh_loads
    where load_seq not in (select batch from filled)"""


def amounts(subject: Subject, entity: Entity, loads_of: LoadsOf) -> tuple[Check, ...]:
    """The amount that says what records are worth is of the usual size."""
    if entity.table not in AMOUNTS:
        return ()
    column, severity = AMOUNTS[entity.table]
    loads = loads_of(f"{column}_is_of_the_usual_size")
    has_currency = any(one.type is ValueType.CURRENCY for one in entity.columns)
    category = f"concat_ws(' ', '{column}', upper(currency))" if has_currency else f"'{column}'"
    return (
        subject.measured(
            loads.check,
            f"The median {column} of every delivery is not ten times higher or lower than before, as cents for euros.",
            f"""with {loads.fresh_rows}
            select {category} as category, _load_seq as batch,
                case when count(*) >= {ROWS_WORTH_A_MEDIAN} then median({column}) end as value,
                count(*) as sample_size, true as is_judged
            from fresh_rows where {column} > 0 group by 1, 2
            union all
            select 'load', load_seq, null, delivered_count, false
            from fresh_loads
            where load_seq not in (select _load_seq from fresh_rows where {column} > 0)""",
            OF_THE_USUAL_SIZE,
            severity=severity,
        ),
    )


def _doubles(subject: Subject, entity: Entity) -> tuple[Check, ...]:
    """Rows that equal others but for their key: a file delivered twice under new identifiers."""
    if entity.clock is None or entity.kind not in {EntityKind.EVENT, EntityKind.RECORD}:
        return ()
    loads = deliveries_of(entity)("records_are_not_doubled")
    content = [column.name for column in entity.columns if column.name not in entity.key]
    return (
        subject.measured(
            loads.check,
            "New records do not equal those of another load in everything but their key, as in a file delivered twice.",
            f"""with {loads.fresh_loads}, span as (
                select min({entity.clock}) as first_at, max({entity.clock}) as last_at
                from {subject.table} where _load_seq in (select load_seq from fresh_loads)
            ), versions as (
                select {loads.record} as record_hash, hash({", ".join(quoted_all(content))}) as content_hash, _load_seq
                from {subject.table}, span where {entity.clock} between span.first_at and span.last_at
            ), records as (
                select record_hash, arg_max(content_hash, _load_seq) as content_hash, max(_load_seq) as load_seq
                from versions group by 1
            ), doubled as (
                select content_hash from records group by 1
                having min(record_hash) <> max(record_hash) and min(load_seq) <> max(load_seq)
            ), counted as (
                select load_seq, count(*) as row_count,
                    count(*) filter (where content_hash in (select content_hash from doubled)) as doubled_count
                from records where load_seq in (select load_seq from fresh_loads) group by 1
            )
            select 'doubled share' as category, load_seq as batch,
                case when doubled_count > {DOUBLED_ROWS_TOLERATED} then doubled_count / row_count else 0 end as value,
                row_count as sample_size, true as is_judged
            from counted""",
            DOUBLED_SHARE_TOLERATED,
            remedy=f"Find the file in inbox/{entity.path} that repeats another one. Deliver its rows again as deleted, "
            "cancelled or test records, or as what they should be.",
        ),
    )


def _unknown_values(subject: Subject, entity: Entity) -> tuple[Check, ...]:
    """A value the contract does not know, in many rows: the source has introduced it, it is no slip."""
    columns = [column.name for column in entity.columns if column.choices]
    if not columns:
        return ()
    loads = deliveries_of(entity)("no_new_unknown_values")
    same_record, values = _same_record(entity), _values_of_open_rows(columns)
    return (
        subject.measured(
            loads.check,
            f"No delivery repeats a value the contract does not know in {', '.join(columns)}; "
            f"{UNKNOWN_VALUES_TOLERATED} rows of one value and 1 % of a delivery are a slip.",
            f"""with {loads.fresh_loads}, open_rows as (
                select rejected.* from quarantine.rows as rejected
                semi join fresh_loads using (load_seq)
                where rejected.state = 'open'
                    and rejected.source = '{loads.source}' and rejected.entity = '{loads.entity}'
                    and rejected.reason like '%is not one of the accepted values%'
                    and not exists (
                        select 1 from {subject.table} as raw
                        where raw._load_seq > rejected.load_seq and {same_record}
                    )
            ), repeated as (
                select load_seq, category, found, count(*) as row_count from ({values}) group by all
            )
            select coalesce(category, '') as category, fresh_loads.load_seq as batch,
                coalesce(max(row_count) filter (where row_count >= {UNKNOWN_SHARE_TOLERATED} * delivered_count), 0)
                    as value,
                max(delivered_count) as sample_size, true as is_judged
            from fresh_loads left join repeated using (load_seq) group by 1, 2""",
            UNKNOWN_VALUES_TOLERATED,
            reads=("quarantine.rows",),
            remedy=f"`lifecycle quarantine list --entity {entity.path}` shows the rows. Have the source deliver a "
            "known value, or add the new one to the contract and to the models that decide by it, and deliver the rows "
            "again; or correct and release them, or discard them.",
        ),
    )


def _same_record(entity: Entity) -> str:
    return " and ".join(f"raw.{key}::varchar = {delivered_value('rejected.row_json', key)}" for key in entity.key)


def _values_of_open_rows(columns: list[str]) -> str:
    return " union all ".join(
        f"select load_seq, '{column}' as category, {delivered_value('row_json', column)} as found from open_rows "
        f"where column_name = '{column}' and found is not null"
        for column in columns
    )
