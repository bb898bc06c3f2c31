with

crm_survey_responses as (

    select * from {{ source('raw_files', 'crm_survey_responses') }}

)

select
    'files:' || trim(response_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(response_id), '') as response_id,
    nullif(trim(contact_id), '') as contact_id,
    nullif(lower(trim(email)), '') as email,
    lower(trim(survey_type)) as survey_type,
    score,
    scale_min,
    scale_max,
    higher_is_better,
    responded_at,
    nullif(trim(touchpoint), '') as touchpoint,
    nullif(trim(comment), '') as comment
from crm_survey_responses
