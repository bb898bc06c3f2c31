with

crm_orders as (select * from {{ ref('crm_orders') }}),

identifiers as (select * from {{ ref('customer_identifiers_map') }}),

purchase_categories as (select * from {{ ref('purchase_categories') }}),

contracts as (select * from {{ ref('contracts') }}),

paid as (

    select
        'crm_orders:' || crm_orders.record_key as touchpoint_id,
        identifiers.customer_id,
        'order' as kind,
        crm_orders.ordered_at as purchased_at,
        crm_orders.net_amount,
        null::timestamp as contract_ends_at,
        purchase_categories.category,
    from crm_orders
    join identifiers on identifiers.identifier_key = crm_orders.identifier_key
    left join purchase_categories on purchase_categories.touchpoint_id = 'crm_orders:' || crm_orders.record_key
    where crm_orders.is_purchase
    union all
    select
        'crm_subscriptions:' || contract_id || ':started' as touchpoint_id,
        customer_id,
        'contract' as kind,
        started_at as purchased_at,
        mrr_amount as net_amount,
        ends_at as contract_ends_at,
        null as category,
    from contracts
    where started_at is not null

),

sequenced as (

    select
        *,
        row_number() over customer_purchases as purchase_number,
        lag(purchased_at) over customer_purchases as previous_at,
        lead(purchased_at) over customer_purchases as next_at,
        lag(category) over customer_purchases as previous_category,
        first_value(purchased_at) over customer_purchases as first_purchased_at,
    from paid
    window customer_purchases as (partition by customer_id order by purchased_at, touchpoint_id)

),

measured as (

    select
        *,
        {{ whole_days_between('previous_at', 'purchased_at') }} as gap_days,
    from sequenced

)

select
    touchpoint_id,
    customer_id,
    kind,
    purchase_number,
    purchased_at,
    previous_at,
    next_at,
    first_purchased_at,
    contract_ends_at,
    net_amount,
    category,
    previous_category,
    gap_days,
    quantile_cont(gap_days, {{ var('lapse_gap_quantile') }}) over purchases_so_far as own_gap_quantile_days,
    stddev_samp(gap_days) over purchases_so_far
    / nullif(avg(gap_days) over purchases_so_far, 0) as gap_variation,
    avg(net_amount) over earlier_purchases as earlier_mean_amount,
    avg(gap_days) over earlier_purchases as earlier_mean_gap_days,
from measured
window
    purchases_so_far as (
        partition by customer_id order by purchased_at, touchpoint_id
        rows between unbounded preceding and current row
    ),
    earlier_purchases as (
        partition by customer_id order by purchased_at, touchpoint_id
        rows between unbounded preceding and 1 preceding
    )
