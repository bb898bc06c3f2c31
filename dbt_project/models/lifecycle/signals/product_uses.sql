with

first_purchases as (

    select
        purchases.*,
        least(
            coalesce(purchases.next_at, {{ as_of_end() }}),
            coalesce(research_cycles.researched_at, {{ as_of_end() }}),
            {{ as_of_end() }}
        ) as used_until,
    from {{ ref('purchases') }} as purchases
    left join {{ ref('research_cycles') }} as research_cycles
        on research_cycles.customer_id = purchases.customer_id
        and research_cycles.purchase_number = 1
    where purchases.purchase_number = 1

),

signals as (

    select
        first_signals.*,
        touchpoint_types.gives_support,
        touchpoint_types.gives_loyalty_use,
    from {{ ref('first_signals') }} as first_signals
    join {{ ref('touchpoint_types') }} as touchpoint_types
        on touchpoint_types.touchpoint = first_signals.touchpoint
    where first_signals.purchase_number = 1
        and (touchpoint_types.gives_support or touchpoint_types.gives_loyalty_use)

),

uses as (

    select customer_id, 'product_and_support' as stage, first_at as entered_at, 'support_used' as rule, touchpoint_id
    from signals
    where gives_support
    union all
    select customer_id, 'product_and_support',
        {{ add_days('purchased_at', "case kind when 'order' then " ~ var('delivery_days') ~ " else 0 end") }},
        case kind when 'order' then 'delivered' else 'activated' end, null
    from first_purchases
    union all
    select customer_id, 'loyalty', first_at, 'loyalty_programme_used', touchpoint_id
    from signals
    where gives_loyalty_use
    union all
    select customer_id, 'loyalty', started_at, 'recommended_the_brand', touchpoint_id
    from {{ ref('advocacy_periods') }}

),

first_uses as (

    select
        uses.customer_id,
        uses.stage,
        min({'entered_at': uses.entered_at, 'rule': uses.rule, 'touchpoint_id': uses.touchpoint_id}) as entry,
    from uses
    join first_purchases
        on first_purchases.customer_id = uses.customer_id
        and uses.entered_at >= first_purchases.purchased_at
        and uses.entered_at < first_purchases.used_until
    group by uses.customer_id, uses.stage

)

-- Loyalty lies behind the use of the product: whoever is loyal before the delivery does not step back to it.
select
    first_uses.customer_id,
    first_uses.stage,
    first_uses.entry.entered_at as entered_at,
    first_uses.entry.rule as rule,
    first_uses.entry.touchpoint_id as touchpoint_id,
from first_uses
left join first_uses as loyalties
    on loyalties.customer_id = first_uses.customer_id
    and loyalties.stage = 'loyalty'
where first_uses.stage = 'loyalty'
    or loyalties.customer_id is null
    or first_uses.entry.entered_at < loyalties.entry.entered_at
