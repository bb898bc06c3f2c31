with

sent_to as (

    select * from {{ source('raw_mailchimp', 'sent_to') }}

),

email_activity as (

    select * from {{ source('raw_mailchimp', 'email_activity') }}

),

unsubscribes as (

    select * from {{ source('raw_mailchimp', 'unsubscribes') }}

),

events as (

    select
        'sent:' || campaign_id || ':' || email_id as event_id,
        email_address,
        campaign_id,
        'sent' as type,
        send_time as happened_at,
        null as url,
        _load_seq,
        _row_number,
    from sent_to
    union all
    select
        id,
        email_address,
        campaign_id,
        action,
        timestamp,
        url,
        _load_seq,
        _row_number,
    from email_activity
    union all
    select
        'unsubscribe:' || campaign_id || ':' || email_id,
        email_address,
        campaign_id,
        'unsubscribe',
        timestamp,
        null,
        _load_seq,
        _row_number,
    from unsubscribes

)

select
    'mailchimp:' || event_id as record_key,
    'mailchimp' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    event_id,
    lower(email_address) as email,
    campaign_id,
    type,
    {{ utc('happened_at') }} as occurred_at,
    url,
    -- Mailchimp's activity does not tell people from programs.
    cast(null as boolean) as is_machine,
    cast(null as varchar) as user_agent
from events
