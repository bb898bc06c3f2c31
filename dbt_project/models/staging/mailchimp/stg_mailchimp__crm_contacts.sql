with

members as (

    select * from {{ source('raw_mailchimp', 'members') }}

)

select
    'mailchimp:' || list_id || ':' || id as record_key,
    'mailchimp' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    list_id || ':' || id as contact_id,
    lower(email_address) as email,
    nullif(merge_fields ->> 'PHONE', '') as phone,
    nullif(merge_fields ->> 'FNAME', '') as first_name,
    nullif(merge_fields ->> 'LNAME', '') as last_name,
    nullif(upper(location ->> 'country_code'), '') as country,
    lower(source) as lead_source,
    {{ utc('coalesce(timestamp_signup, timestamp_opt, last_changed)') }} as created_at,
    {{ utc('last_changed') }} as updated_at,
    case when status = 'archived' then {{ utc('last_changed') }} end as deleted_at
from members
