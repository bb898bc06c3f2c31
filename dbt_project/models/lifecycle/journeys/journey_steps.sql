with

stage_catalogue as (

    select * from {{ ref('stage_catalogue') }}

),

-- Numbers sort and group several times faster than texts; the marts translate them back.
narrow as (

    select
        customer_numbers.customer_number,
        touchpoint_numbers.touchpoint_number,
        touchpoint_numbers.is_by_person,
        touchpoints.occurred_at,
        hash(touchpoints.touchpoint_id) as touchpoint_id_hash,
    from {{ ref('touchpoints') }} as touchpoints
    join {{ ref('customer_numbers') }} as customer_numbers
        on customer_numbers.customer_id = touchpoints.customer_id
    join {{ ref('touchpoint_numbers') }} as touchpoint_numbers
        on touchpoint_numbers.touchpoint = touchpoints.touchpoint

),

followed as (

    select
        customer_number,
        touchpoint_number,
        occurred_at,
        row_number() over journey as step_number,
        lead(case when is_by_person then touchpoint_number end ignore nulls) over journey as next_touchpoint_number,
        lead(case when is_by_person then occurred_at end ignore nulls) over journey as next_at,
        {{ add_days('occurred_at', var('journey_gap_days')) }} as followed_until,
    from narrow
    window journey as (partition by customer_number order by occurred_at, touchpoint_id_hash)

),

combinations as (

    select
        stage_combinations.combination_number,
        {%- for model in var('journey_models') %}
        {{ model }}_catalogue.stage_order::utinyint as {{ model }}_order,
        {%- endfor %}
    from {{ ref('stage_combinations') }} as stage_combinations
    {%- for model in var('journey_models') %}
    left join stage_catalogue as {{ model }}_catalogue
        on {{ model }}_catalogue.model = '{{ model }}'
        and {{ model }}_catalogue.stage = stage_combinations.{{ model }}_stage
    {%- endfor %}

)

select
    followed.customer_number,
    followed.step_number::integer as step_number,
    followed.touchpoint_number,
    followed.occurred_at,
    case when followed.next_at <= followed.followed_until then followed.next_touchpoint_number end
        as next_touchpoint_number,
    case when followed.next_at <= followed.followed_until then {{ days_between('followed.occurred_at', 'followed.next_at') }} end
        as wait_days,
    coalesce(followed.next_at <= followed.followed_until, false) or followed.followed_until < {{ as_of_end() }}
        as is_settled,
    {%- for model in var('journey_models') %}
    combinations.{{ model }}_order,
    {%- endfor %}
from followed
asof left join {{ ref('stage_timeline') }} as stage_timeline
    on stage_timeline.customer_number = followed.customer_number
    and stage_timeline.valid_from <= followed.occurred_at
left join combinations on combinations.combination_number = stage_timeline.combination_number
