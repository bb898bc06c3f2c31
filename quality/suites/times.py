"""Gate 1 against history: the times of a delivery are where they were, or follow on those of earlier deliveries.

A year mistaken moves whole deliveries by whole years and stops them. A delivery that lies elsewhere for another reason
(a survey of last summer, the history of a second shop) may be right and is reported. Single wrong clocks are the
business of the models.
"""

from __future__ import annotations

from ingestion.contract import Entity
from quality.checks import Check, Severity
from quality.suites.loads import Deliveries, LoadsOf
from quality.suites.vocabulary import Subject

SHIFTED_DAYS_TOLERATED = 180
ROWS_WORTH_A_TIME = 5
DAYS_OF_A_YEAR = 365.25
# A leap day, a weekend, and what the quantiles cut off.
DAYS_NEAR_A_YEAR = 7
# Fewer loads have no rhythm, and a source that usually rests for months may rest for a year.
LOADS_WORTH_A_RHYTHM = 3
LONGEST_USUAL_REST = 92


def times_are_not_shifted(subject: Subject, entity: Entity, loads_of: LoadsOf) -> tuple[Check, ...]:
    """No whole delivery lies whole years away from where its records belong; other displacements are reported."""
    if entity.clock is None:
        return ()
    shifted, displaced = (loads_of(name) for name in ("times_are_not_shifted", "times_follow_on_earlier_ones"))
    remedy = (
        f"Compare {entity.clock} in {shifted.place} with the source (year, month and day exchanged), deliver the rows "
        "again."
    )
    return (
        subject.measured(
            shifted.check,
            "No delivery lies whole years away from where its records belong: known records keep their year, and new "
            "ones would not follow on the earlier ones, were they moved by whole years.",
            _measured(shifted, entity.clock, "shifted_days"),
            SHIFTED_DAYS_TOLERATED,
            remedy=remedy,
        ),
        subject.measured(
            displaced.check,
            f"No delivery lies more than {SHIFTED_DAYS_TOLERATED} days away from where its records belong: those "
            "that are known keep their time, new ones follow on earlier ones or fill a gap.",
            _measured(displaced, entity.clock, "displaced_days"),
            SHIFTED_DAYS_TOLERATED,
            remedy=remedy,
            severity=Severity.WARN,
        ),
    )


def _measured(loads: Deliveries, clock: str, days_away: str) -> str:
    """Days each fresh load lies away, and the days it spans, by which later loads are judged."""
    return f"""with {loads.fresh_rows}, {_known_spans(loads, clock)}, {_displacements(clock)}, years as (
        select *, greatest(1, round(displaced_days / {DAYS_OF_A_YEAR})) * {DAYS_OF_A_YEAR} as year_days from displaced
    ), shifted as (
        select years.*, case
            when displaced_days is null then null
            when is_known and abs(displaced_days - year_days) <= {DAYS_NEAR_A_YEAR} then displaced_days
            when not is_known and {_fits_after_whole_years()} then displaced_days
            else 0
        end as shifted_days
        from years, newest, rhythm
    )
    select 'days away' as category, load_seq as batch, {days_away} as value, row_count as sample_size,
        true as is_judged
    from shifted
    union all select 'first day', load_seq, first_day, row_count, false from shifted
    union all select 'last day', load_seq, last_day, row_count, false from shifted"""


def _fits_after_whole_years() -> str:
    """Condition: moved by whole years, the load would lie where those of a regular source have ended.

    A load that older ones lead up to, in the same run, is a part of a history; one that follows on a rest of a year may
    be right unless it lies in the future or the source has been regular for longer.
    """
    year = "case when first_new_day > newest.day then -year_days else year_days end"
    earliest = f"newest.day - {DAYS_NEAR_A_YEAR} - rhythm.usual_rest"
    return f"""(
        displaced_days > {SHIFTED_DAYS_TOLERATED}
        and last_new_day - first_new_day < {SHIFTED_DAYS_TOLERATED}
        and rhythm.load_count >= {LOADS_WORTH_A_RHYTHM} and rhythm.usual_rest <= {LONGEST_USUAL_REST}
        and rhythm.longest_rest + {DAYS_NEAR_A_YEAR} < displaced_days
        and (
            first_new_day <= newest.day or newest.day - rhythm.first_day > {DAYS_OF_A_YEAR}
            or new_day > epoch(:as_of::timestamp) / 86400 + {DAYS_NEAR_A_YEAR}
        )
        and newest.day between first_new_day + {year} - {DAYS_NEAR_A_YEAR} - rhythm.usual_rest
            and last_new_day + {year} + {DAYS_NEAR_A_YEAR}
        and not (
            first_new_day <= newest.day and (select min(last_new_day) from fresh_spans) + year_days < {earliest}
        )
    )"""


def _displacements(clock: str) -> str:
    """CTEs: how far every fresh load lies from where its records were, or from the end of what came before."""
    return f"""fresh_days as (
        select fresh_rows._load_seq as load_seq, epoch({clock}::timestamp) / 86400 as day,
            abs(epoch({clock}::timestamp) / 86400 - known_records.day) as moved_days
        from fresh_rows left join known_records using (record_hash)
    ), fresh_spans as (
        select load_seq, count(*) as row_count, count(moved_days) as known_count, median(moved_days) as moved_days,
            median(day) filter (where moved_days is null) as new_day,
            quantile_cont(day, 0.05) filter (where moved_days is null) as first_new_day,
            quantile_cont(day, 0.95) filter (where moved_days is null) as last_new_day,
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
        select fresh_spans.* exclude (moved_days), 2 * known_count >= row_count as is_known, case
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
    )"""


def _known_spans(loads: Deliveries, clock: str) -> str:
    """CTEs: the days earlier loads span, their newest and their rhythm, and when they say fresh records happened."""
    return f"""known_spans as (
        select batch::bigint as load_seq, max(value) filter (where category = 'first day') as first_day,
            max(value) filter (where category = 'last day') as last_day
        from {loads.known} group by 1
    ), newest as (
        select max(last_day) as day from known_spans
    ), rhythm as (
        select count(*) as load_count, min(first_day) as first_day,
            coalesce(max(first_day - last_day_before), 0) as longest_rest,
            greatest(0, coalesce(median(first_day - last_day_before), 0)) as usual_rest
        from (
            select first_day, max(last_day) over (
                order by first_day, load_seq rows between unbounded preceding and 1 preceding
            ) as last_day_before
            from known_spans where first_day is not null
        )
    ), known_records as (
        select {loads.record} as record_hash, arg_max(epoch({clock}::timestamp) / 86400, _load_seq) as day
        from {loads.rows}
        where _load_seq in (select load_seq from known_spans)
            and {loads.record} in (select record_hash from fresh_rows)
        group by 1
    )"""
