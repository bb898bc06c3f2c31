with

stage_conversions as (

    select * from {{ ref('stage_conversions') }}

)

select
    model,
    from_stage,
    to_stage,
    cohort_month,
    acquisition_channel,
    count(*)::integer as entered_count,
    count(converted_after_days)::integer as converted_count,
    case when is_mature then count(converted_after_days) / nullif(count(*), 0) end as conversion_rate,
    median(converted_after_days) as median_days,
    quantile_cont(converted_after_days, 0.9) as p90_days,
    count(*) filter (where is_open)::integer as open_count,
    {{ var('conversion_window_days') }}::integer as window_days,
    is_mature,
    {{ as_of() }} as as_of,
from stage_conversions
group by model, from_stage, to_stage, cohort_month, acquisition_channel, is_mature
