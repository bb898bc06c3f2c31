with

campaigns as (

    select * from {{ source('raw_brevo', 'campaigns') }}

)

select
    'brevo:' || id as record_key,
    'brevo' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    cast(id as varchar) as campaign_id,
    name,
    subject,
    {{ utc("coalesce(sent_date, scheduled_at)") }} as sent_at,
    'email' as channel,
    cast(null as varchar) as goal
from campaigns
-- Drafts are archived too; a campaign that was sent says when.
where status in ('sent', 'inProcess')
    or (status = 'archive' and sent_date is not null)
