{#- The day that ended at a midnight in Meta's time zone. -#}
{% macro day_ended_at(instant) -%}
    cast(timezone('America/Los_Angeles', cast({{ instant }} as timestamptz)) as date) - 1
{%- endmacro %}

{#-
    Figures come one by one, and again only when they changed: for each load that brought one of a day, the latest value
    of every metric by then, as a column of the metric's name. Reads `figures` with platform, page_id, metric_date, name, value,
    _load_seq and _row_number.
-#}
{% macro metrics_by_load(metrics) -%}
    select
        platform,
        page_id,
        metric_date,
        _load_seq,
        max(_row_number) as _row_number,
        {%- for metric in metrics %}
        last_value(arg_max(value, _row_number) filter (where name = '{{ metric }}') ignore nulls) over known
            as {{ metric }},
        {%- endfor %}
    from figures
    group by platform, page_id, metric_date, _load_seq
    window known as (partition by platform, page_id, metric_date order by _load_seq)
{%- endmacro %}
