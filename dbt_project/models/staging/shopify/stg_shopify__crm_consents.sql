with

customers as (

    select * from {{ source('raw_shopify', 'customers') }}

),

consents as (

    select
        id,
        email,
        phone,
        'email' as channel,
        email_marketing_consent as consent,
        _load_seq,
        _row_number,
    from customers
    union all
    select
        id,
        email,
        phone,
        'sms',
        sms_marketing_consent,
        _load_seq,
        _row_number,
    from customers

),

stated as (

    select
        *,
        {{ utc("consent ->> 'consent_updated_at'") }} as occurred_at,
        case consent ->> 'state'
            when 'pending' then 'requested'
            when 'subscribed' then case consent ->> 'opt_in_level'
                when 'confirmed_opt_in' then 'confirmed' else 'granted'
            end
            when 'unsubscribed' then 'revoked'
            when 'redacted' then 'revoked'
        end as status,
    from consents

)

select
    'shopify:' || id || ':' || channel || ':' || status || ':' || epoch(occurred_at)::bigint as record_key,
    'shopify' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id || ':' || channel || ':' || status || ':' || epoch(occurred_at)::bigint as consent_id,
    id::varchar as contact_id,
    lower(email) as email,
    phone,
    channel,
    'marketing' as purpose,
    status,
    occurred_at,
    cast(null as varchar) as wording_version,
    'shopify' as evidence
from stated
where status is not null
    and occurred_at is not null
