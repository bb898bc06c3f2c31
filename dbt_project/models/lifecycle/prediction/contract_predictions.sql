with

customer_contracts as (

    select
        *,
        {{ month_number('contract_ends_on') }} - {{ month_number(as_of()) }} as months_left,
    from {{ ref('customer_contracts') }}
    where has_active_contract

),

running_spells as (

    select
        customer_id,
        months,
    from {{ ref('contract_histories') }}
    where purpose = 'forecast' and not is_ended

),

contract_forecasts as (

    select * from {{ ref('contract_forecasts') }}

),

judgement as (

    select max(reason) as reason
    from {{ ref('model_fits') }}
    where purpose = 'forecast' and model = 'shifted_beta_geometric'

)

-- A contract cancelled but still running has a known end; for any other the model says how long it will last.
select
    customer_contracts.customer_id,
    case when has_uncancelled_contract then contract_forecasts.ending_rate else 1.0 end as churn_risk_rate,
    case
        when not has_uncancelled_contract then 'contract_end'
        when contract_forecasts.months is not null then 'contract_survival'
    end as churn_method,
    mrr_amount * case
        when has_uncancelled_contract then contract_forecasts.discounted_months_12m
        else {{ annuity('least(months_left, 12)') }}
    end as predicted_clv_12m_amount,
    mrr_amount * case
        when has_uncancelled_contract then contract_forecasts.discounted_months_36m
        else {{ annuity('least(months_left, 36)') }}
    end as predicted_clv_36m_amount,
    case
        when mrr_amount is null then 'historic'
        when not has_uncancelled_contract then 'contract_end'
        when contract_forecasts.months is not null then 'contract_survival'
        else 'historic'
    end as method,
    case
        when mrr_amount is null then 'contracts: the monthly amount is not known'
        when has_uncancelled_contract and contract_forecasts.months is null then 'contracts: ' || judgement.reason
    end as reason,
from customer_contracts
cross join judgement
join running_spells on running_spells.customer_id = customer_contracts.customer_id
left join contract_forecasts on contract_forecasts.months = running_spells.months
