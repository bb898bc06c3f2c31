with

email_campaign_members as (

    select * from {{ source('raw_files', 'email_campaign_members') }}

)

select
    'files:' || campaign_id || '|' || coalesce(contact_id, '') || '|' || coalesce(md5(lower(email)), '') as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    campaign_id,
    lower(email) as email,
    contact_id,
    "group",
    assigned_at
from email_campaign_members
