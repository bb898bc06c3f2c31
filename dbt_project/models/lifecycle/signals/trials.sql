with

contracts as (

    select * from {{ ref('contracts') }}

),

first_signals as (

    select * from {{ ref('first_signals') }}

),

contract_trials as (

    select
        customer_id,
        min({'started_at': trial_started_at, 'contract_id': contract_id, 'ends_at': trial_ends_at}) as trial,
    from contracts
    where trial_started_at is not null
    group by customer_id

),

web_trials as (

    select
        customer_id,
        touchpoint_id,
        first_at as started_at,
    from first_signals
    where touchpoint = 'trial_started'
        and purchase_number = 0

)

select
    customer_id,
    'crm_subscriptions:' || trial.contract_id || ':trial' as touchpoint_id,
    trial.started_at as trial_started_at,
    greatest(trial.ends_at, trial.started_at) as trial_ends_at,
from contract_trials
union all
select
    web_trials.customer_id,
    web_trials.touchpoint_id,
    web_trials.started_at as trial_started_at,
    {{ add_days('web_trials.started_at', var('trial_days')) }} as trial_ends_at,
from web_trials
anti join contract_trials on contract_trials.customer_id = web_trials.customer_id
