with

delivered as (

    {{ latest_delivery(staged('email_campaigns')) }}

)

select
    record_key,
    source,
    campaign_id,
    name,
    subject,
    sent_at,
    channel,
    goal,
    load_seq,
    first_load_seq
from delivered
