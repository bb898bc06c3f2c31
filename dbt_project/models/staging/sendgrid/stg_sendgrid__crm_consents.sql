with

events as (

    {{ current_exports(source('raw_sendgrid', 'events')) }}

),

-- A return that does not say to which group would be a consent to everything, which nobody gave.
statements as (

    select
        *,
        {{ sendgrid_event_id() }} as consent_id,
        case lower(event)
            when 'unsubscribe' then 'revoked'
            when 'spamreport' then 'objected'
            when 'group_unsubscribe' then 'revoked'
            when 'group_resubscribe' then case when asm_group_id is not null then 'granted' end
        end as status,
        case when starts_with(lower(event), 'group_') then 'sendgrid_group:' || asm_group_id end as purpose,
    from events

)

select
    'sendgrid:' || consent_id as record_key,
    'sendgrid' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    consent_id,
    cast(null as varchar) as contact_id,
    lower(trim(email)) as email,
    cast(null as varchar) as phone,
    'email' as channel,
    purpose,
    status,
    {{ sendgrid_occurred_at() }} as occurred_at,
    cast(null as varchar) as wording_version,
    'sendgrid' as evidence
from statements
where status is not null
