with

answers as (

    select
        customer_numbers.customer_number,
        responses.record_key,
        responses.survey_type,
        responses.responded_at,
        case responses.survey_type
            when 'csat' then {{ score_on_scale('responses.score', 'responses.scale_min', 'responses.scale_max', 'responses.higher_is_better', 1, 5) }}
            when 'ces' then {{ score_on_scale('responses.score', 'responses.scale_min', 'responses.scale_max', 'responses.higher_is_better', 1, 7) }}
            else responses.score
        end as score,
    from {{ ref('crm_survey_responses') }} as responses
    join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = responses.identifier_key
    join {{ ref('customer_numbers') }} as customer_numbers
        on customer_numbers.customer_id = identifiers.customer_id
    where responses.responded_at < {{ as_of_end() }}

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
