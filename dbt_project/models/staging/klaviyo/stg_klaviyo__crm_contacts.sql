with

profiles as (

    select * from {{ source('raw_klaviyo', 'profiles') }}

)

select
    'klaviyo:' || id as record_key,
    'klaviyo' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as contact_id,
    lower(email) as email,
    phone_number as phone,
    nullif(trim(first_name), '') as first_name,
    nullif(trim(last_name), '') as last_name,
    nullif(trim(location ->> 'address1'), '') as street,
    nullif(trim(location ->> 'zip'), '') as postal_code,
    nullif(trim(location ->> 'city'), '') as city,
    -- Klaviyo keeps the country as somebody wrote it; a name is no code.
    case when length(location ->> 'country') = 2 then upper(location ->> 'country') end as country,
    {{ utc('created_at') }} as created_at,
    {{ utc('updated_at') }} as updated_at
from profiles
