with

crm_subscriptions as (

    select * from {{ ref('crm_subscriptions') }}

)

select
    'crm_subscriptions:' || crm_subscriptions.record_key || ':trial' as touchpoint_id,
    'crm_subscriptions' as entity,
    crm_subscriptions.load_seq,
    crm_subscriptions.identifier_key,
    crm_subscriptions.trial_started_at as occurred_at,
    'crm' as domain,
    crm_subscriptions.source,
    'subscription_trial_started' as touchpoint,
    'contract' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'subscription_id': 'crm_subscriptions.subscription_id', 'plan': 'crm_subscriptions.plan'}) }} as attributes,
from crm_subscriptions
where crm_subscriptions.identifier_key is not null
    and crm_subscriptions.trial_started_at is not null
union all
select
    'crm_subscriptions:' || crm_subscriptions.record_key || ':started' as touchpoint_id,
    'crm_subscriptions' as entity,
    crm_subscriptions.load_seq,
    crm_subscriptions.identifier_key,
    crm_subscriptions.started_at as occurred_at,
    'crm' as domain,
    crm_subscriptions.source,
    'contract_started' as touchpoint,
    'contract' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'subscription_id': 'crm_subscriptions.subscription_id', 'plan': 'crm_subscriptions.plan'}) }} as attributes,
from crm_subscriptions
where crm_subscriptions.identifier_key is not null
    and crm_subscriptions.started_at is not null
union all
select
    'crm_subscriptions:' || crm_subscriptions.record_key || ':cancelled' as touchpoint_id,
    'crm_subscriptions' as entity,
    crm_subscriptions.load_seq,
    crm_subscriptions.identifier_key,
    crm_subscriptions.cancelled_at as occurred_at,
    'crm' as domain,
    crm_subscriptions.source,
    'contract_cancelled' as touchpoint,
    'contract' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'subscription_id': 'crm_subscriptions.subscription_id', 'plan': 'crm_subscriptions.plan'}) }} as attributes,
from crm_subscriptions
where crm_subscriptions.identifier_key is not null
    and crm_subscriptions.cancelled_at is not null
union all
select
    'crm_subscriptions:' || crm_subscriptions.record_key || ':ended' as touchpoint_id,
    'crm_subscriptions' as entity,
    crm_subscriptions.load_seq,
    crm_subscriptions.identifier_key,
    crm_subscriptions.ended_at as occurred_at,
    'crm' as domain,
    crm_subscriptions.source,
    'contract_ended' as touchpoint,
    'contract' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'subscription_id': 'crm_subscriptions.subscription_id', 'plan': 'crm_subscriptions.plan'}) }} as attributes,
from crm_subscriptions
where crm_subscriptions.identifier_key is not null
    and crm_subscriptions.ended_at is not null
