with

email_campaigns as (

    select * from {{ source('raw_files', 'email_campaigns') }}

)

select
    'files:' || campaign_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    campaign_id,
    name,
    subject,
    sent_at,
    channel,
    goal
from email_campaigns
