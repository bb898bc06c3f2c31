with

email_campaign_members as (

    select * from {{ source('raw_files', 'email_campaign_members') }}

)

select
    'files:' || trim(campaign_id) || '|' || coalesce(trim(contact_id), '') || '|' || coalesce(md5(lower(trim(email))), '') as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(campaign_id), '') as campaign_id,
    nullif(lower(trim(email)), '') as email,
    nullif(trim(contact_id), '') as contact_id,
    lower(trim("group")) as "group",
    assigned_at
from email_campaign_members
