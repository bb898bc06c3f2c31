with

email_events as (

    select * from {{ ref('email_events') }}

)

select
    'email_events:' || email_events.record_key as touchpoint_id,
    'email_events' as entity,
    email_events.load_seq,
    email_events.identifier_key,
    email_events.occurred_at,
    'email' as domain,
    email_events.source,
    case
        when email_events.type in ('open', 'click') and coalesce(email_events.is_machine, false)
            then 'email_machine_' || email_events.type
        else 'email_' || email_events.type
    end as touchpoint,
    'email' as channel,
    email_events.campaign_id as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    null::varchar as attributes,
from email_events
where email_events.identifier_key is not null
