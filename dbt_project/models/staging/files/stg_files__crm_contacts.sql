with

crm_contacts as (

    select * from {{ source('raw_files', 'crm_contacts') }}

)

select
    'files:' || contact_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    contact_id,
    lower(email) as email,
    phone,
    first_name,
    last_name,
    birth_date,
    street,
    postal_code,
    city,
    upper(country) as country,
    company_id,
    lead_source,
    owner,
    loyalty_id,
    user_id,
    created_at,
    updated_at,
    deleted_at,
    merged_into_contact_id
from crm_contacts
