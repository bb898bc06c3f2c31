with

subscriptions as (

    select * from {{ source('raw_stripe', 'subscriptions') }}

),

prices as (

    select
        id,
        _load_seq,
        _row_number,
        currency,
        unnest(items -> '$.data[*]') as item,
    from subscriptions
    where livemode

),

-- A price without an amount (tiers, metered use) has no fixed revenue: its subscription has none either.
monthly as (

    select
        id,
        _load_seq,
        _row_number,
        case when count(*) = count(item ->> '$.price.unit_amount_decimal') then sum({{ monthly_amount('item', 'currency') }})
        end as mrr_amount,
        max({{ utc_of_seconds("cast(item ->> 'current_period_end' as bigint)") }}) as term_ends_at,
        min(coalesce(item ->> '$.price.nickname', item ->> '$.price.id')) as plan,
    from prices
    group by id, _load_seq, _row_number

)

select
    'stripe:' || subscriptions.id as record_key,
    'stripe' as source,
    subscriptions._load_seq as load_seq,
    subscriptions._row_number as row_number,
    subscriptions.id as subscription_id,
    subscriptions.customer as contact_id,
    cast(null as varchar) as email,
    monthly.plan,
    {{ utc_of_seconds('subscriptions.trial_start') }} as trial_started_at,
    {{ utc_of_seconds('subscriptions.trial_end') }} as trial_ends_at,
    case
        when subscriptions.status in ('incomplete', 'incomplete_expired') then null
        when subscriptions.trial_end is null then {{ utc_of_seconds('subscriptions.start_date') }}
        when subscriptions.ended_at is null or subscriptions.ended_at > subscriptions.trial_end
            then {{ utc_of_seconds('greatest(subscriptions.start_date, subscriptions.trial_end)') }}
    end as started_at,
    monthly.term_ends_at,
    {{ utc_of_seconds('subscriptions.canceled_at') }} as cancelled_at,
    {{ utc_of_seconds('subscriptions.ended_at') }} as ended_at,
    cast(monthly.mrr_amount as decimal(18, 4)) as mrr_amount,
    upper(subscriptions.currency) as currency,
    cast(null as timestamp) as updated_at
from subscriptions
left join monthly using (id, _load_seq, _row_number)
where subscriptions.livemode
