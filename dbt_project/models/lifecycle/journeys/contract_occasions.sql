with

contracts as (

    select
        customer_id,
        min({'ends_at': ends_at, 'contract_id': contract_id}) as soonest,
    from {{ ref('contracts') }}
    where started_at is not null
        and cancelled_at is null
        and ends_at >= {{ as_of_end() }}
    group by customer_id

),

-- Lost with the contract, and without an order of which the win-back could speak.
lost_contracts as (

    select
        customer_id,
        max({'purchased_at': purchased_at, 'touchpoint_id': touchpoint_id}).touchpoint_id as touchpoint_id,
    from {{ ref('purchases') }}
    group by customer_id
    having max((kind = 'order')::integer) = 0

),

stays as (

    select
        customer_id,
        stage,
        entered_at,
    from {{ ref('stage_stays') }}
    where model = 'three_r'
        and is_current

)

select
    customer_id,
    'contract_ending' as trigger,
    {{ business_date('soonest.ends_at') }} as anchored_on,
    'crm_subscriptions:' || soonest.contract_id || ':started' as evidence_touchpoint_id,
from contracts
union all
select
    stays.customer_id,
    'win_back' as trigger,
    {{ business_date('stays.entered_at') }} as anchored_on,
    lost_contracts.touchpoint_id as evidence_touchpoint_id,
from stays
join lost_contracts on lost_contracts.customer_id = stays.customer_id
where stays.stage = 'lost'
union all
select
    trials.customer_id,
    'trial_ending' as trigger,
    {{ business_date('trials.trial_ends_at') }} as anchored_on,
    trials.touchpoint_id as evidence_touchpoint_id,
from {{ ref('trials') }} as trials
join stays on stays.customer_id = trials.customer_id
where stays.stage = 'trial'
