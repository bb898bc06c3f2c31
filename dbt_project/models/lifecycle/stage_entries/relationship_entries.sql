with

customer_milestones as (

    select * from {{ ref('customer_milestones') }}

),

customer_periods as (

    select * from {{ ref('customer_periods') }}

),

purchase_coverage as (

    select * from {{ ref('purchase_coverage') }}

),

-- Nobody qualifies unknown: points from before count with what they are still worth when the person is identified.
lead_score_crossings as (

    select
        customer_id,
        min({
            'qualified_at': greatest(occurred_at, identified_at),
            'occurred_at': occurred_at,
            'touchpoint_id': touchpoint_id
        }) as crossing,
    from {{ ref('lead_score_points') }}
    where qualifying_score >= {{ var('lead_score_threshold') }}
        * {{ decay_scale('greatest(occurred_at, identified_at)') }} / {{ decay_scale('occurred_at') }}
    group by customer_id

),

-- Initiation only moves forward: what lies behind the closing or the purchase no longer qualifies anybody.
initiations as (

    select customer_id, 'lead_generation' as stage, first_touchpoint_at as entered_at, 'first_touchpoint' as rule,
        first_touchpoint_id as touchpoint_id
    from customer_milestones
    union all
    select customer_id, 'qualification', personal_contact_at, 'personal_contact', personal_contact_touchpoint_id
    from customer_milestones
    where personal_contact_at < coalesce(closing_at, first_purchase_at, {{ as_of_end() }})
    union all
    select customer_milestones.customer_id, 'qualification', lead_score_crossings.crossing.qualified_at,
        'lead_score_reached', lead_score_crossings.crossing.touchpoint_id
    from lead_score_crossings
    join customer_milestones on customer_milestones.customer_id = lead_score_crossings.customer_id
    where lead_score_crossings.crossing.qualified_at
        < coalesce(customer_milestones.closing_at, customer_milestones.first_purchase_at, {{ as_of_end() }})
    union all
    select customer_id, 'closing', closing_at, 'closing_signal', closing_touchpoint_id
    from customer_milestones
    where closing_at is not null

)

select * from initiations
union all
select customer_id,
    case
        when purchase_number = 1 then 'bonding'
        when is_falling_value and not is_reactivation then 'degeneration'
        else 'loyalty_growth'
    end,
    purchased_at,
    case
        when purchase_number = 1 then 'first_purchase'
        when is_reactivation then 'repeat_purchase'
        when is_falling_value then 'falling_value'
        when is_rising_value then 'rising_value'
        when is_rising_frequency then 'rising_frequency'
        else 'repeat_purchase'
    end,
    touchpoint_id
from purchase_coverage
union all
select customer_id, 'degeneration', overdue_at, 'overdue', null
from purchase_coverage
where kind = 'order'
    and overdue_at < least(coalesce(next_at, {{ as_of_end() }}), covered_until, {{ as_of_end() }})
    and overdue_at > coalesce(contract_covered_until, purchased_at)
union all
select customer_id, 'degeneration', entered_at, rule, touchpoint_id
from {{ ref('declines') }}
union all
select customer_id, case change when 'contract_downgraded' then 'degeneration' else 'loyalty_growth' end, changed_at,
    change, null
from {{ ref('contract_changes') }}
union all
select customer_id, 'win_back', lost_at, lost_rule, null
from customer_periods
where lost_at is not null
