with

campaigns as (

    select * from {{ source('raw_mailchimp', 'campaigns') }}

)

select
    'mailchimp:' || id as record_key,
    'mailchimp' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id as campaign_id,
    coalesce(title, subject_line, id) as name,
    subject_line as subject,
    {{ utc('send_time') }} as sent_at,
    'email' as channel,
    cast(null as varchar) as goal
from campaigns
where status in ('sending', 'sent')
