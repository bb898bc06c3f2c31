{#-
    Periods of one `partition_by` (a list of columns) do not overlap: each ends before or when the next one starts. An
    end of null is open. With `without_gaps` each ends exactly when the next one starts.
-#}
{% test not_overlapping(model, partition_by, starts_at, ends_at, without_gaps=false) %}
with

periods as (

    select
        {{ partition_by | join(', ') }},
        {{ starts_at }} as period_start,
        {{ ends_at }} as period_end,
        lead({{ starts_at }}) over (
            partition by {{ partition_by | join(', ') }}
            order by {{ starts_at }}, {{ ends_at }} nulls last
        ) as next_start
    from {{ model }}

)

select *
from periods
where period_end < period_start
    or next_start < period_end
    or (next_start is not null and period_end is null)
    {% if without_gaps %}or next_start > period_end{% endif %}
{% endtest %}
