with

responses as (

    select * from {{ ref('crm_survey_responses') }}
    where responded_at < {{ as_of_end() }}

),

identifiers as (

    select * from {{ ref('customer_identifiers_map') }}

),

scored as (

    select
        responses.record_key,
        identifiers.customer_id,
        coalesce(identifiers.customer_id, responses.record_key) as respondent,
        responses.survey_type,
        coalesce(responses.touchpoint, 'unknown') as touchpoint,
        responses.responded_at,
        {{ business_month('responses.responded_at') }} as period_start,
        case responses.survey_type
            when 'csat' then {{ score_on_scale('responses.score', 'responses.scale_min', 'responses.scale_max',
                'responses.higher_is_better', 1, 5) }}
            when 'ces' then {{ score_on_scale('responses.score', 'responses.scale_min', 'responses.scale_max',
                'responses.higher_is_better', 1, 7) }}
            else responses.score
        end as score,
    from responses
    left join identifiers on identifiers.identifier_key = responses.identifier_key

)

-- An answer without a known person is a person of its own.
select
    record_key,
    customer_id,
    survey_type,
    touchpoint,
    responded_at,
    period_start,
    score,
    row_number() over (
        partition by respondent, survey_type, period_start order by responded_at desc, record_key desc
    ) = 1 as is_latest_of_month,
    row_number() over (
        partition by respondent, survey_type, period_start, touchpoint order by responded_at desc, record_key desc
    ) = 1 as is_latest_about_touchpoint,
from scored
where score is not null
