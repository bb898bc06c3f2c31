with

crm_consents as (

    select * from {{ source('raw_files', 'crm_consents') }}

)

select
    'files:' || trim(consent_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(consent_id), '') as consent_id,
    nullif(trim(contact_id), '') as contact_id,
    nullif(lower(trim(email)), '') as email,
    nullif(trim(phone), '') as phone,
    lower(trim(channel)) as channel,
    nullif(trim(purpose), '') as purpose,
    lower(trim(status)) as status,
    occurred_at,
    nullif(trim(wording_version), '') as wording_version,
    nullif(trim(evidence), '') as evidence
from crm_consents
