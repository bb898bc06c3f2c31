with

stays as (

    select
        stage_stays.*,
        stage_catalogue.parent,
        stage_catalogue.high_water_rank,
    from {{ ref('stage_stays') }} as stage_stays
    join {{ ref('stage_catalogue') }} as stage_catalogue
        on stage_catalogue.model = stage_stays.model
        and stage_catalogue.stage = stage_stays.stage

)

select
    customer_id,
    {%- for model in var('lifecycle_models') %}
    any_value(parent) filter (where model = '{{ model }}' and is_current) as {{ model }}_parent,
    any_value(stage) filter (where model = '{{ model }}' and is_current) as {{ model }}_stage,
    any_value(entered_at) filter (where model = '{{ model }}' and is_current) as {{ model }}_entered_at,
    max({'high_water_rank': high_water_rank, 'stage': stage}) filter (
        where model = '{{ model }}' and high_water_rank is not null
    ).stage as {{ model }}_high_water,
    max(cycle_number) filter (where model = '{{ model }}') as {{ model }}_cycle_number,
    {%- endfor %}
from stays
group by customer_id
