with

crm_survey_responses as (

    select * from {{ ref('crm_survey_responses') }}

)

select
    'crm_survey_responses:' || crm_survey_responses.record_key as touchpoint_id,
    'crm_survey_responses' as entity,
    crm_survey_responses.load_seq,
    crm_survey_responses.identifier_key,
    crm_survey_responses.responded_at as occurred_at,
    'crm' as domain,
    crm_survey_responses.source,
    case
        when crm_survey_responses.survey_type <> 'nps' then crm_survey_responses.survey_type || '_response'
        when crm_survey_responses.score >= 9 then 'nps_promoter'
        when crm_survey_responses.score > 6 then 'nps_passive'
        else 'nps_detractor'
    end as touchpoint,
    'survey' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    crm_survey_responses.survey_type as satisfaction_type,
    case crm_survey_responses.survey_type
        when 'csat' then {{ score_on_scale('crm_survey_responses.score', 'crm_survey_responses.scale_min',
            'crm_survey_responses.scale_max', 'crm_survey_responses.higher_is_better', 1, 5) }}
        when 'ces' then {{ score_on_scale('crm_survey_responses.score', 'crm_survey_responses.scale_min',
            'crm_survey_responses.scale_max', 'crm_survey_responses.higher_is_better', 1, 7) }}
        when 'nps' then {{ nps_score('crm_survey_responses.score', 'crm_survey_responses.scale_max') }}
    end::double as satisfaction_score,
    {{ json_of({'about': 'crm_survey_responses.touchpoint', 'answer': 'crm_survey_responses.score'}) }} as attributes,
from crm_survey_responses
where crm_survey_responses.identifier_key is not null
    and (
        crm_survey_responses.survey_type <> 'nps'
        or {{ nps_score('crm_survey_responses.score', 'crm_survey_responses.scale_max') }} is not null
    )
