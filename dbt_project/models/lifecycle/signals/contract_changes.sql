with

versions as (

    select
        *,
        last_value(term_ends_at ignore nulls) over earlier_versions as earlier_term_ends_at,
        last_value(plan ignore nulls) over earlier_versions as earlier_plan,
        last_value(mrr_amount_original ignore nulls) over earlier_versions as earlier_mrr_amount,
        last_value(currency ignore nulls) over earlier_versions as earlier_currency,
    from {{ ref('crm_subscription_versions') }}
    window earlier_versions as (
        partition by record_key order by valid_from rows between unbounded preceding and 1 preceding
    )

),

-- What is agreed before the contract runs or after its cancellation changes nothing of a running one.
running as (

    select *
    from versions
    where started_at < valid_from
        and cancelled_at is null

),

-- Another price of the same plan is the company's decision and says nothing about the customer.
changes as (

    select record_key, valid_from, 'contract_renewed' as change
    from running
    where term_ends_at > earlier_term_ends_at
    union all
    select
        record_key,
        valid_from,
        case when mrr_amount_original > earlier_mrr_amount then 'contract_upgraded' else 'contract_downgraded' end,
    from running
    where plan <> earlier_plan
        and currency = earlier_currency
        and mrr_amount_original <> earlier_mrr_amount

)

select
    contracts.customer_id,
    changes.record_key as contract_id,
    changes.valid_from as changed_at,
    changes.change,
from changes
join {{ ref('contracts') }} as contracts on contracts.contract_id = changes.record_key
join {{ ref('customer_periods') }} as customer_periods
    on customer_periods.customer_id = contracts.customer_id
    and customer_periods.started_at < changes.valid_from
    and changes.valid_from < coalesce(customer_periods.lost_at, {{ as_of_end() }})
