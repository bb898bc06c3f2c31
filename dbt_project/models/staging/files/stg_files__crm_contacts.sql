with

crm_contacts as (

    select * from {{ source('raw_files', 'crm_contacts') }}

)

select
    'files:' || trim(contact_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(contact_id), '') as contact_id,
    nullif(lower(trim(email)), '') as email,
    nullif(trim(phone), '') as phone,
    nullif(trim(first_name), '') as first_name,
    nullif(trim(last_name), '') as last_name,
    birth_date,
    nullif(trim(street), '') as street,
    nullif(trim(postal_code), '') as postal_code,
    nullif(trim(city), '') as city,
    nullif(upper(trim(country)), '') as country,
    nullif(trim(company_id), '') as company_id,
    nullif(trim(lead_source), '') as lead_source,
    nullif(trim(owner), '') as owner,
    nullif(trim(loyalty_id), '') as loyalty_id,
    nullif(trim(user_id), '') as user_id,
    created_at,
    updated_at,
    deleted_at,
    nullif(trim(merged_into_contact_id), '') as merged_into_contact_id
from crm_contacts
