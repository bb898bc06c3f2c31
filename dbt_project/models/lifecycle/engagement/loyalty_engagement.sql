with

events as (

    select
        coalesce(events.loyalty_id, events.identifier_key, events.record_key) as card,
        identifiers.customer_id,
        events.type,
        events.occurred_at,
        events.record_key,
    from {{ ref('crm_loyalty_events') }} as events
    left join {{ ref('customer_identifiers_map') }} as identifiers
        on identifiers.identifier_key = events.identifier_key
    where events.occurred_at < {{ as_of_end() }}

),

-- A card is active from its first event until it was given back; one that is used again was not given back. It belongs
-- to who was known with it last.
cards as (

    select
        card,
        arg_max(customer_id, (occurred_at, record_key)) as customer_id,
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
        cards.card,
        cards.customer_id,
    from cards
    join {{ ref('business_months') }} as months
        on cards.started_at < {{ start_of_business_date('months.next_month_start') }}
        and coalesce(cards.left_at, {{ as_of_end() }}) > {{ start_of_business_date('months.month_start') }}

),

scanned as (

    select
        {{ business_month('occurred_at') }} as month_start,
        card,
    from events
    where type = 'scan'
    group by all

),

segmented as (

    select
        active.month_start,
        scanned.card is not null as is_scanned,
        unnest({{ person_segments('customer_origins', 'customer_persons', 'segment_months.segment') }}) as segment,
    from active
    left join scanned on scanned.month_start = active.month_start and scanned.card = active.card
    {{ segment_of_month('active.customer_id', 'active.month_start') }}
    left join {{ ref('customer_origins') }} as customer_origins on customer_origins.customer_id = active.customer_id
    left join {{ ref('customer_persons') }} as customer_persons on customer_persons.customer_id = active.customer_id

)

select
    month_start,
    'loyalty' as channel,
    'card_scanned' as variant,
    segment,
    count(*) filter (where is_scanned) as numerator,
    count(*) as denominator,
from segmented
group by month_start, segment
