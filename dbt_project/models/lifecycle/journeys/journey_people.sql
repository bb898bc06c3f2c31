with

journey_steps as (

    select * from {{ ref('journey_steps') }}

),

customer_segments as (

    select * from {{ ref('customer_segments') }}

),
{%- for model in var('journey_models') %}

of_{{ model }} as (

    select
        customer_number,
        {{ model }}_order as stage_order,
        touchpoint_number,
    from journey_steps
    group by all

),
{%- endfor %}

people as (
    {%- for model in var('journey_models') %}
    select '{{ model }}' as model, * from of_{{ model }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select
    people.model,
    people.stage_order,
    people.touchpoint_number,
    {{ journey_segment_columns() }},
    count(*) as people_count,
from people
join customer_segments on customer_segments.customer_number = people.customer_number
group by {{ by_journey_segments('people.model, people.stage_order, people.touchpoint_number') }}
