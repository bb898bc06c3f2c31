with

answers as (

    select
        customer_numbers.customer_number,
        satisfaction_answers.record_key,
        satisfaction_answers.survey_type,
        satisfaction_answers.responded_at,
        satisfaction_answers.score,
    from {{ ref('satisfaction_answers') }} as satisfaction_answers
    join {{ ref('customer_numbers') }} as customer_numbers
        on customer_numbers.customer_id = satisfaction_answers.customer_id

),

-- An answer is no touchpoint near itself, nor near another answer.
steps as (

    select journey_steps.*
    from {{ ref('journey_steps') }} as journey_steps
    join {{ ref('touchpoint_numbers') }} as touchpoint_numbers
        on touchpoint_numbers.touchpoint_number = journey_steps.touchpoint_number
    where not starts_with(touchpoint_numbers.touchpoint, 'nps_')
        and touchpoint_numbers.touchpoint not in ('csat_response', 'ces_response')

),

near as (

    select
        answers.*,
        steps.touchpoint_number,
        {%- for model in var('journey_models') %}
        steps.{{ model }}_order,
        {%- endfor %}
    from answers
    join steps
        on steps.customer_number = answers.customer_number
        and steps.occurred_at <= answers.responded_at
        and steps.occurred_at >= {{ add_days('answers.responded_at', '-' ~ var('satisfaction_near_days')) }}

)
{%- for model in var('journey_models') %}
select
    '{{ model }}' as model,
    {{ model }}_order as stage_order,
    touchpoint_number,
    customer_number,
    record_key,
    any_value(survey_type) as survey_type,
    any_value(score) as score,
from near
group by {{ model }}_order, touchpoint_number, customer_number, record_key
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
