with

crm_consents as (

    select * from {{ source('raw_files', 'crm_consents') }}

)

select
    'files:' || consent_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    consent_id,
    contact_id,
    lower(email) as email,
    phone,
    channel,
    purpose,
    status,
    occurred_at,
    wording_version,
    evidence
from crm_consents
