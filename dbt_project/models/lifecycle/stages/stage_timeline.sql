with

stage_stays as (

    select * from {{ ref('stage_stays') }}

),

changes as (

    select
        customer_id,
        entered_at as valid_from,
        {%- for model in var('lifecycle_models') %}
        any_value(stage) filter (where model = '{{ model }}') as {{ model }}_stage,
        {%- endfor %}
    from stage_stays
    group by all

)

select
    customer_id,
    valid_from,
    {%- for model in var('lifecycle_models') %}
    last_value({{ model }}_stage ignore nulls) over so_far as {{ model }}_stage,
    {%- endfor %}
from changes
window so_far as (
    partition by customer_id order by valid_from rows between unbounded preceding and current row
)
