"""Gate 1 against history: the times of a delivery are where they were, or follow on those of earlier deliveries.

A year or a month mistaken moves whole deliveries; single wrong clocks are the business of the models.
"""

from __future__ import annotations

from ingestion.contract import Entity
from quality.checks import Check
from quality.suites.loads import Deliveries, deliveries_of
from quality.suites.vocabulary import Subject

SHIFTED_DAYS_TOLERATED = 180
ROWS_WORTH_A_TIME = 5


def times_are_not_shifted(subject: Subject, entity: Entity) -> tuple[Check, ...]:
    """No whole delivery lies half a year away from where its records belong."""
    if entity.clock is None:
        return ()
    loads = deliveries_of(entity, "times_are_not_shifted")
    return (
        subject.measured(
            loads.check,
            f"No delivery lies more than {SHIFTED_DAYS_TOLERATED} days away from where its records belong: those "
            "that are known keep their time, new ones follow on earlier ones or fill a gap.",
            _displacements(loads, entity.clock),
            SHIFTED_DAYS_TOLERATED,
            remedy=f"Compare {entity.clock} in the newest files of inbox/{entity.path} with the source (year, month "
            "and day exchanged), deliver the rows again.",
        ),
    )


def _displacements(loads: Deliveries, clock: str) -> str:
    """Days each fresh load lies away, and the days it spans, by which later loads are judged."""
    return f"""with {loads.fresh_rows}, {_known_spans(loads, clock)}, fresh_days as (
        select fresh_rows._load_seq as load_seq, epoch({clock}::timestamp) / 86400 as day,
            abs(epoch({clock}::timestamp) / 86400 - known_records.day) as moved_days
        from fresh_rows left join known_records using (record_hash)
    ), fresh_spans as (
        select load_seq, count(*) as row_count, count(moved_days) as known_count, median(moved_days) as moved_days,
            median(day) filter (where moved_days is null) as new_day,
            quantile_cont(day, 0.05) filter (where moved_days is null) as first_new_day,
            quantile_cont(day, 0.05) as first_day, quantile_cont(day, 0.95) as last_day
        from fresh_days group by 1
    ), spans as (
        select load_seq, last_day from known_spans union all select load_seq, last_day from fresh_spans
    ), before as (
        select fresh_spans.load_seq, max(spans.last_day) as last_day
        from fresh_spans inner join spans
            on spans.load_seq <> fresh_spans.load_seq and spans.last_day <= fresh_spans.first_new_day
        group by 1
    ), displaced as (
        select load_seq, row_count, first_day, fresh_spans.last_day, case
            when row_count < {ROWS_WORTH_A_TIME} or newest.day is null then null
            when 2 * known_count >= row_count then moved_days
            when new_day > newest.day then greatest(0, first_new_day - before.last_day)
            when exists (
                select 1 from known_spans
                where fresh_spans.new_day between known_spans.first_day and known_spans.last_day
            ) then newest.day - new_day
            else 0
        end as displaced_days
        from fresh_spans left join before using (load_seq), newest
    )
    select 'days away' as category, load_seq as batch, displaced_days as value, row_count as sample_size,
        true as is_judged
    from displaced
    union all select 'first day', load_seq, first_day, row_count, false from displaced
    union all select 'last day', load_seq, last_day, row_count, false from displaced"""


def _known_spans(loads: Deliveries, clock: str) -> str:
    """CTEs: the days earlier loads span, the newest of them, and when the fresh records happened by earlier loads."""
    return f"""known_spans as (
        select batch::bigint as load_seq, max(value) filter (where category = 'first day') as first_day,
            max(value) filter (where category = 'last day') as last_day
        from {loads.known} group by 1
    ), newest as (
        select max(last_day) as day from known_spans
    ), known_records as (
        select {loads.record} as record_hash, arg_max(epoch({clock}::timestamp) / 86400, _load_seq) as day
        from {loads.table}
        where _load_seq in (select load_seq from known_spans)
            and {loads.record} in (select record_hash from fresh_rows)
        group by 1
    )"""
