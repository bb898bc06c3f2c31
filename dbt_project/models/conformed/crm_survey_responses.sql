{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key') }}

with

delivered as (

    {{ new_deliveries('crm_survey_responses') }}

)

select
    delivered.record_key,
    delivered.source,
    {{ best_identifier_key(['contact_id', 'email']) }} as identifier_key,
    response_id,
    contact_id,
    email,
    survey_type,
    score,
    scale_min,
    scale_max,
    higher_is_better,
    responded_at,
    touchpoint,
    comment,
    delivered.load_seq,
    {{ first_load_seq('crm_survey_responses') }} as first_load_seq
from delivered
{{ join_first_loads('crm_survey_responses') }}
