with

profiles as (

    select
        *,
        -- Addresses that bounce or do not exist are suppressed too; that is nobody's will. The latest refusal counts.
        list_reverse_sort(
            list_filter(
                from_json(
                    coalesce(subscriptions -> '$.email.marketing.suppression', '[]'),
                    '[{"timestamp": "TIMESTAMPTZ", "reason": "VARCHAR"}]'
                ),
                lambda one: one.reason in ('UNSUBSCRIBE', 'SPAM_COMPLAINT', 'USER_SUPPRESSED')
            )
        )[1] as refusal,
    from {{ source('raw_klaviyo', 'profiles') }}

),

-- What each version of a profile says, by channel, and since when.
standings as (

    select
        *,
        {{ utc('updated_at') }} as updated_at_utc,
        unnest([
            {
                'channel': 'email',
                'status': case
                    when email is null then null
                    when refusal.reason = 'SPAM_COMPLAINT' then 'objected'
                    when refusal is not null then 'revoked'
                    when subscriptions ->> '$.email.marketing.consent' = 'UNSUBSCRIBED' then 'revoked'
                    when subscriptions ->> '$.email.marketing.consent' <> 'SUBSCRIBED' then null
                    when subscriptions ->> '$.email.marketing.double_optin' = 'true' then 'confirmed'
                    when subscriptions ->> '$.email.marketing.consent' = 'SUBSCRIBED' then 'granted'
                end,
                'said_at': coalesce(
                    cast(refusal.timestamp as timestamp),
                    {{ utc("subscriptions ->> '$.email.marketing.consent_timestamp'") }}
                )
            },
            {
                'channel': 'sms',
                'status': case
                    when phone_number is null then null
                    when subscriptions ->> '$.sms.marketing.consent' = 'UNSUBSCRIBED' then 'revoked'
                    when subscriptions ->> '$.sms.marketing.consent' = 'SUBSCRIBED' then 'granted'
                end,
                'said_at': {{ utc("subscriptions ->> '$.sms.marketing.consent_timestamp'") }}
            }
        ]) as standing,
    from profiles

),

versions as (

    select
        *,
        standing.channel as channel,
        standing.status as status,
        standing.said_at as said_at,
        lag(standing.status) over version_order as status_before,
        max(standing.said_at) over (version_order rows between unbounded preceding and 1 preceding) as said_before,
    from standings
    window version_order as (partition by id, standing.channel order by updated_at_utc, _load_seq, _row_number)

),

-- A version that says what the one before said is no further step. A refusal that was lifted brings an old consent
-- back: that happened when the profile changed.
steps as (

    select
        *,
        case when said_at > coalesce(said_before, '-infinity') then said_at else updated_at_utc end as happened_at,
    from versions
    where status is distinct from status_before and status is not null

)

select
    'klaviyo:' || id || ':' || channel || ':' || status || ':' || happened_at as record_key,
    'klaviyo' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    id || ':' || channel || ':' || status || ':' || happened_at as consent_id,
    id as contact_id,
    lower(email) as email,
    case when channel = 'sms' then phone_number end as phone,
    channel,
    'newsletter' as purpose,
    status,
    happened_at as occurred_at,
    cast(null as varchar) as wording_version,
    'klaviyo' as evidence
from steps
