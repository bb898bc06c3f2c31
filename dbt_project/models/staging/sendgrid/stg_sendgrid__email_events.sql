with

events as (

    {{ current_exports(source('raw_sendgrid', 'events')) }}

),

mail_events as (

    select
        *,
        lower(event) as kind,
        {{ sendgrid_event_id() }} as event_id,
    from events
    where lower(event) not in ('deferred', 'dropped', 'group_resubscribe', 'account_status_change')

)

select
    'sendgrid:' || event_id as record_key,
    'sendgrid' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    event_id,
    lower(trim(email)) as email,
    coalesce(singlesend_id, mc_auto_id, marketing_campaign_id::varchar, newsletter_id::varchar) as campaign_id,
    case kind
        when 'processed' then 'sent'
        when 'group_unsubscribe' then 'unsubscribe'
        when 'spamreport' then 'complaint'
        else kind
    end as type,
    {{ sendgrid_occurred_at() }} as occurred_at,
    case when kind = 'click' then url end as url,
    case when kind = 'open' then sg_machine_open end as is_machine,
    useragent as user_agent
from mail_events
