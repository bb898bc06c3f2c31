with

stage_stays as (

    select * from {{ ref('stage_stays') }}

),

customer_numbers as (

    select * from {{ ref('customer_numbers') }}

),

changes as (

    select
        customer_numbers.customer_number,
        stage_stays.entered_at as valid_from,
        {%- for model in var('lifecycle_models') %}
        any_value(stage_stays.stage) filter (where stage_stays.model = '{{ model }}') as {{ model }}_stage,
        {%- endfor %}
    from stage_stays
    join customer_numbers on customer_numbers.customer_id = stage_stays.customer_id
    group by all

),

filled as (

    select
        customer_number,
        valid_from,
        {%- for model in var('lifecycle_models') %}
        last_value({{ model }}_stage ignore nulls) over so_far as {{ model }}_stage,
        {%- endfor %}
    from changes
    window so_far as (
        partition by customer_number order by valid_from rows between unbounded preceding and current row
    )

)

select
    customer_number,
    valid_from,
    dense_rank() over (
        order by {% for model in var('lifecycle_models') %}{{ model }}_stage{{ ', ' if not loop.last }}{% endfor %}
    )::integer as combination_number,
    {%- for model in var('lifecycle_models') %}
    {{ model }}_stage,
    {%- endfor %}
from filled
