with

contacts as (

    select * from {{ source('raw_brevo', 'contacts') }}

),

-- What each version of a contact says, by channel; text messages know a refusal only.
standings as (

    select
        *,
        {{ utc('created_at') }} as created_at_utc,
        {{ utc('modified_at') }} as modified_at_utc,
        regexp_replace(attributes ->> 'SMS', '[^0-9+]', '', 'g') as sms_number,
        unnest([
            {
                'channel': 'email',
                'status': case
                    when email is null then null
                    when email_blacklisted then 'revoked'
                    when lower(attributes ->> 'DOUBLE_OPT-IN') in ('1', 'yes', 'true') then 'confirmed'
                    when lower(attributes ->> 'OPT_IN') in ('1', 'yes', 'true') then 'granted'
                end
            },
            {
                'channel': 'sms',
                'status': case when sms_blacklisted and sms_number <> '' then 'revoked' end
            }
        ]) as standing,
    from contacts

),

versions as (

    select
        *,
        standing.channel as channel,
        standing.status as status,
        row_number() over version_order as version_number,
        lag(standing.status) over version_order as status_before,
    from standings
    window version_order as (partition by id, standing.channel order by modified_at_utc, _load_seq, _row_number)

),

-- A version that says what the one before said is no further step. An opt-in is as old as the contact it came with.
steps as (

    select
        *,
        case
            when version_number = 1 and status <> 'revoked' then created_at_utc
            else modified_at_utc
        end as happened_at,
    from versions
    where status is distinct from status_before and status is not null

)

select
    'brevo:' || id || ':' || channel || ':' || status || ':' || happened_at as record_key,
    'brevo' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id || ':' || channel || ':' || status || ':' || happened_at as consent_id,
    cast(id as varchar) as contact_id,
    lower(email) as email,
    case when channel = 'sms' then {{ brevo_phone('sms_number') }} end as phone,
    channel,
    'newsletter' as purpose,
    status,
    happened_at as occurred_at,
    cast(null as varchar) as wording_version,
    'brevo' as evidence
from steps
