with

events as (

    select
        coalesce(loyalty_id, identifier_key, record_key) as card,
        type,
        occurred_at,
    from {{ ref('crm_loyalty_events') }}
    where occurred_at < {{ as_of_end() }}

),

-- A card is active from its first event until it was given back; one that is used again was not given back.
cards as (

    select
        card,
        min(occurred_at) as started_at,
        case
            when max(occurred_at) filter (where type = 'left') = max(occurred_at) then max(occurred_at)
        end as left_at,
    from events
    group by card

),

active as (

    select
        months.month_start,
        count(*) as card_count,
    from cards
    join {{ ref('business_months') }} as months
        on cards.started_at < {{ start_of_business_date('months.next_month_start') }}
        and coalesce(cards.left_at, {{ as_of_end() }}) > {{ start_of_business_date('months.month_start') }}
    group by months.month_start

),

scanned as (

    select
        {{ business_month('occurred_at') }} as month_start,
        count(distinct card) as card_count,
    from events
    where type = 'scan'
    group by 1

)

select
    active.month_start,
    'loyalty' as channel,
    'card_scanned' as variant,
    coalesce(scanned.card_count, 0) as numerator,
    active.card_count as denominator,
from active
left join scanned on scanned.month_start = active.month_start
