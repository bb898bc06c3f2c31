with

statements as (

    select
        identifiers.customer_id,
        crm_consents.channel,
        lower(crm_consents.purpose) as purpose,
        crm_consents.status,
        crm_consents.occurred_at,
        case
            when crm_consents.channel = 'email' then {{ identifier_key('email', 'crm_consents.email') }}
            when crm_consents.channel in ('phone', 'sms') then {{ identifier_key('phone', 'crm_consents.phone', country='contacts.country') }}
        end as address_key,
    from {{ ref('crm_consents') }} as crm_consents
    join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = crm_consents.identifier_key
    left join {{ ref('crm_contacts') }} as contacts
        on contacts.source = crm_consents.source and contacts.contact_id = crm_consents.contact_id
    where crm_consents.occurred_at < {{ as_of_end() }}
    union all
    select
        identifiers.customer_id,
        'email' as channel,
        null as purpose,
        case email_events.type when 'complaint' then 'objected' else 'revoked' end as status,
        email_events.occurred_at,
        email_events.identifier_key as address_key,
    from {{ ref('email_events') }} as email_events
    join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = email_events.identifier_key
    where email_events.type in ('unsubscribe', 'complaint')
        and email_events.occurred_at < {{ as_of_end() }}

),

-- Writing phone numbers alike is slow: only those of people who said something about a number are.
persons as (

    select
        customer_id,
        {{ identifier_key('email', 'email') }} as email_key,
        case
            when customer_id in (select customer_id from statements where channel <> 'email' and address_key is not null)
                then {{ identifier_key('phone', 'phone', country='country') }}
        end as phone_key,
    from {{ ref('customer_persons') }}

),

-- What is said about another address than the profile's is not said about the profile's; without one it holds for all.
concerning as (

    select
        statements.*,
        list_position(['requested', 'confirmed', 'granted', 'revoked', 'objected'], statements.status) as strictness,
    from statements
    join persons on persons.customer_id = statements.customer_id
    where statements.address_key is null
        or statements.address_key = case when statements.channel = 'email' then persons.email_key else persons.phone_key end

),

purposes as (

    select customer_id, channel, purpose from concerning where purpose is not null group by all

),

-- What is said without a purpose holds for all of them. A request counts only while nothing has been decided.
-- The join is by equality alone: with any other condition every statement was compared with every purpose there is.
latest as (

    select
        concerning.customer_id,
        concerning.channel,
        coalesce(concerning.purpose, purposes.purpose) as purpose,
        max({
            'is_decision': concerning.status <> 'requested',
            'occurred_at': concerning.occurred_at,
            'strictness': concerning.strictness,
            'status': concerning.status
        }) as decision,
    from concerning
    left join purposes
        on purposes.customer_id = concerning.customer_id
        and purposes.channel = case when concerning.purpose is null then concerning.channel end
    group by all

)

select
    customer_id,
    {%- for channel in ['email', 'phone', 'sms', 'post', 'tracking'] %}
    (max({'strictness': decision.strictness, 'status': decision.status})
        filter (where channel = '{{ channel }}')).status as {{ channel }}_consent_status,
    {%- endfor %}
from latest
group by customer_id
