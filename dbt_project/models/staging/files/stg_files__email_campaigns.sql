with

email_campaigns as (

    select * from {{ source('raw_files', 'email_campaigns') }}

)

select
    'files:' || trim(campaign_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(campaign_id), '') as campaign_id,
    nullif(trim(name), '') as name,
    nullif(trim(subject), '') as subject,
    sent_at,
    nullif(trim(channel), '') as channel,
    nullif(trim(goal), '') as goal
from email_campaigns
