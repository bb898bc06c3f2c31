with

contacts as (

    select * from {{ source('raw_hubspot', 'contacts') }}

)

select
    'hubspot:' || id as record_key,
    'hubspot' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as contact_id,
    lower(email) as email,
    coalesce(phone, mobile_phone) as phone,
    first_name,
    last_name,
    street,
    postal_code,
    city,
    upper(country) as country,
    company_id,
    lower(lead_source) as lead_source,
    owner_id as owner,
    {{ utc('created_at') }} as created_at,
    {{ utc('updated_at') }} as updated_at,
    {{ utc('archived_at') }} as deleted_at
from contacts
