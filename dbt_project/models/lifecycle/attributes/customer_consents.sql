with

decisions as (

    select
        identifiers.customer_id,
        crm_consents.channel,
        crm_consents.status,
        crm_consents.occurred_at,
    from {{ ref('crm_consents') }} as crm_consents
    join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = crm_consents.identifier_key
    where crm_consents.occurred_at < {{ as_of_end() }}
    union all
    select
        identifiers.customer_id,
        'email' as channel,
        case email_events.type when 'complaint' then 'objected' else 'revoked' end as status,
        email_events.occurred_at,
    from {{ ref('email_events') }} as email_events
    join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = email_events.identifier_key
    where email_events.type in ('unsubscribe', 'complaint')
        and email_events.occurred_at < {{ as_of_end() }}

),

-- The latest decision counts; of decisions made at one instant the most restrictive.
latest as (

    select
        customer_id,
        channel,
        max({
            'occurred_at': occurred_at,
            'strictness': list_position(['confirmed', 'granted', 'requested', 'revoked', 'objected'], status),
            'status': status
        }).status as status,
    from decisions
    group by all

)

select
    customer_id,
    {%- for channel in ['email', 'phone', 'sms', 'post', 'tracking'] %}
    any_value(status) filter (where channel = '{{ channel }}') as {{ channel }}_consent_status,
    {%- endfor %}
from latest
group by customer_id
