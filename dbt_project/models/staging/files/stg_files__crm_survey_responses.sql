with

crm_survey_responses as (

    select * from {{ source('raw_files', 'crm_survey_responses') }}

)

select
    'files:' || response_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    response_id,
    contact_id,
    lower(email) as email,
    survey_type,
    score,
    scale_min,
    scale_max,
    higher_is_better,
    responded_at,
    touchpoint,
    comment
from crm_survey_responses
