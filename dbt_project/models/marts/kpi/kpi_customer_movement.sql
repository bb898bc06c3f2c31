with

standings as (

    select * from {{ ref('movement_standings') }}

)

select
    month_start as period_start,
    segment_dimension,
    segment,
    customers_at_start_count::integer as customers_at_start_count,
    new_count::integer as new_count,
    reactivated_count::integer as reactivated_count,
    lost_count::integer as lost_count,
    lost_of_start_count::integer as lost_of_start_count,
    lost_of_new_count::integer as lost_of_new_count,
    customers_at_end_count::integer as customers_at_end_count,
    moved_in_count::integer as moved_in_count,
    moved_out_count::integer as moved_out_count,
    lost_at_start_count::integer as lost_at_start_count,
    contracts_at_start_count::integer as contracts_at_start_count,
    contract_started_count::integer as contract_started_count,
    contract_cancelled_count::integer as contract_cancelled_count,
    (customers_at_end_count - (new_count - lost_of_new_count)) / nullif(customers_at_start_count, 0) as retention_rate,
    lost_of_start_count / nullif(customers_at_start_count, 0) as churn_rate,
    reactivated_count / nullif(lost_at_start_count, 0) as win_back_rate,
    contract_cancelled_count / nullif(contracts_at_start_count + contract_started_count, 0)
        as subscription_churn_rate,
    is_complete,
    {{ as_of() }} as as_of,
from standings
