with

purchase_coverage as (

    select * from {{ ref('purchase_coverage') }}

),

reaches as (

    select
        customer_id,
        period_number,
        min(purchased_at) as started_at,
        max(covered_until) as covered_until,
        count(*) as purchase_count,
        min(purchase_number) as first_purchase_number,
        max(purchase_number) as last_purchase_number,
    from purchase_coverage
    group by all

),

endings as (

    select
        reaches.customer_id,
        reaches.period_number,
        max(purchase_coverage.kind = 'contract') as is_contract,
    from reaches
    join purchase_coverage
        on purchase_coverage.customer_id = reaches.customer_id
        and purchase_coverage.period_number = reaches.period_number
        and purchase_coverage.covered_until = reaches.covered_until
    group by all

)

select
    reaches.customer_id,
    reaches.period_number,
    first_purchase.touchpoint_id as first_touchpoint_id,
    reaches.started_at,
    case when reaches.covered_until < {{ as_of_end() }} then reaches.covered_until end as lost_at,
    case
        when reaches.covered_until < {{ as_of_end() }}
            then case when endings.is_contract then 'contract_ended' else 'lapsed' end
    end as lost_rule,
    reaches.purchase_count,
    last_purchase.lapse_threshold_days,
from reaches
join endings
    on endings.customer_id = reaches.customer_id
    and endings.period_number = reaches.period_number
join purchase_coverage as first_purchase
    on first_purchase.customer_id = reaches.customer_id
    and first_purchase.purchase_number = reaches.first_purchase_number
join purchase_coverage as last_purchase
    on last_purchase.customer_id = reaches.customer_id
    and last_purchase.purchase_number = reaches.last_purchase_number
