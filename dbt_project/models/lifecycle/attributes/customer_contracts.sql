with

contracts as (

    select
        *,
        coalesce(started_at is not null and (ends_at is null or ends_at >= {{ as_of_end() }}), false) as is_active,
    from {{ ref('contracts') }}

),

trials as (

    select * from {{ ref('trials') }}

),

active_contracts as (

    select
        customer_id,
        max(is_active) as has_active_contract,
        max(ends_at) filter (where is_active) as contract_ends_at,
        sum(mrr_amount) filter (where is_active) as mrr_amount,
        max(is_active and cancelled_at is null) as has_uncancelled_contract,
    from contracts
    group by customer_id

)

select
    coalesce(active_contracts.customer_id, trials.customer_id) as customer_id,
    coalesce(active_contracts.has_active_contract, false) as has_active_contract,
    coalesce(active_contracts.has_uncancelled_contract, false) as has_uncancelled_contract,
    {{ business_date('active_contracts.contract_ends_at') }} as contract_ends_on,
    active_contracts.mrr_amount,
    trials.trial_ends_at,
    trials.trial_ends_at < {{ as_of_end() }} as is_trial_expired,
from active_contracts
full join trials on trials.customer_id = active_contracts.customer_id
