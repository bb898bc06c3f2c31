with

stage_catalogue as (

    select * from {{ ref('stage_catalogue') }}

),

followed as (

    select
        *,
        {{ add_days('occurred_at', var('journey_gap_days')) }} as followed_until,
    from {{ ref('numbered_touchpoints') }}

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
    followed.step_number,
    followed.touchpoint_number,
    followed.touchpoint_id_hash,
    followed.occurred_at,
    followed.occurrence,
    followed.session_number,
    stage_timeline.combination_number,
    case when followed.next_at <= followed.followed_until then followed.next_touchpoint_number end
        as next_touchpoint_number,
    case
        when followed.next_at <= followed.followed_until
            then {{ seconds_between('followed.occurred_at', 'followed.next_at') }}
    end as wait_seconds,
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
