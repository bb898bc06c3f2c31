with

customer_milestones as (

    select * from {{ ref('customer_milestones') }}

),

customer_periods as (

    select * from {{ ref('customer_periods') }}

),

advocacy_periods as (

    select * from {{ ref('advocacy_periods') }}

),

before_purchase as (

    select customer_id, 'awareness' as stage, first_touchpoint_at as entered_at, 'first_touchpoint' as rule,
        first_touchpoint_id as touchpoint_id
    from customer_milestones
    union all
    select customer_id, 'consideration', intent_at, 'intent_shown', intent_touchpoint_id
    from customer_milestones
    where intent_at is not null
    union all
    select customer_id, 'purchase', first_purchase_at, 'first_purchase', purchase_touchpoint_id
    from customer_milestones
    where first_purchase_at is not null

),

retention_signals as (

    select customer_id, purchased_at as entered_at, 'second_purchase' as rule, touchpoint_id
    from {{ ref('purchases') }}
    where purchase_number = 2
    union all
    select first_signals.customer_id, first_signals.first_at, 'loyalty_programme_used', first_signals.touchpoint_id
    from {{ ref('first_signals') }} as first_signals
    join {{ ref('touchpoint_types') }} as touchpoint_types
        on touchpoint_types.touchpoint = first_signals.touchpoint
        and touchpoint_types.gives_loyalty_use
    where first_signals.purchase_number >= 1
    union all
    select customer_id, changed_at, change, null
    from {{ ref('contract_changes') }}
    where change = 'contract_renewed'

),

-- Only within the first period as a customer, and not while advocacy lasts: it falls back to retention by itself.
retentions as (

    select
        retention_signals.customer_id,
        min({
            'entered_at': retention_signals.entered_at,
            'rule': retention_signals.rule,
            'touchpoint_id': retention_signals.touchpoint_id
        }) as entry,
    from retention_signals
    join customer_periods
        on customer_periods.customer_id = retention_signals.customer_id
        and customer_periods.period_number = 1
        and retention_signals.entered_at < coalesce(customer_periods.lost_at, {{ as_of_end() }})
    left join advocacy_periods
        on advocacy_periods.customer_id = retention_signals.customer_id
        and advocacy_periods.started_at <= retention_signals.entered_at
        and retention_signals.entered_at < coalesce(advocacy_periods.faded_at, {{ as_of_end() }})
    where advocacy_periods.customer_id is null
    group by retention_signals.customer_id

)

select * from before_purchase
union all
select customer_id, 'retention', entry.entered_at, entry.rule, entry.touchpoint_id
from retentions
union all
select customer_id, 'advocacy', started_at, 'recommended_the_brand', touchpoint_id
from advocacy_periods
union all
select customer_id, 'retention', faded_at, 'advocacy_window_closed', null
from advocacy_periods
where faded_at is not null
union all
select customer_id, 'retention', started_at, 'reactivated', first_touchpoint_id
from customer_periods
where period_number > 1
union all
select customer_id, 'reactivation', lost_at, lost_rule, null
from customer_periods
where lost_at is not null
