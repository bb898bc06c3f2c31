{#- After the last step of a journey comes its end, number 0; of a journey that may still go on nothing is said. -#}
with

moves as (

    select
        *,
        coalesce(next_touchpoint_number, 0) as to_number,
    from {{ ref('journey_steps') }}
    where is_settled

)
{%- for model in var('journey_models') %}
select
    '{{ model }}' as model,
    {{ model }}_order as stage_order,
    touchpoint_number as from_number,
    to_number,
    count(*) as transition_count,
    count(distinct customer_number) as people_count,
    median(wait_seconds) / 86400 as median_wait_days,
from moves
group by {{ model }}_order, touchpoint_number, to_number
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
