{#- A median keeps all values it has seen in memory: seconds as integers take half of what days with fractions take. -#}
with

steps as (

    select
        journey_steps.*,
        {%- for dimension in journey_dimensions() %}
        customer_segments.{{ dimension }},
        {%- endfor %}
    from {{ ref('journey_steps') }} as journey_steps
    join {{ ref('customer_segments') }} as customer_segments
        on customer_segments.customer_number = journey_steps.customer_number

)
{%- for model in var('journey_models') %}
select
    '{{ model }}' as model,
    {{ model }}_order as stage_order,
    touchpoint_number,
    {{ journey_segment_columns() }},
    count(*) as touchpoint_count,
    count(next_touchpoint_number) as continued_count,
    count(*) filter (where is_settled and next_touchpoint_number is null) as drop_off_count,
    count(*) filter (where not is_settled) as open_count,
    median(wait_seconds) / 86400 as median_wait_days,
from steps
group by {{ by_journey_segments(model ~ '_order, touchpoint_number') }}
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
