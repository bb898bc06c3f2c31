with

crm_subscriptions as (

    select * from {{ ref('crm_subscriptions') }}

),

identifiers as (

    select * from {{ ref('customer_identifiers_map') }}

)

select
    crm_subscriptions.record_key as contract_id,
    identifiers.customer_id,
    crm_subscriptions.trial_started_at,
    coalesce(
        crm_subscriptions.trial_ends_at,
        {{ add_days('crm_subscriptions.trial_started_at', var('trial_days')) }}
    ) as trial_ends_at,
    crm_subscriptions.started_at,
    crm_subscriptions.cancelled_at,
    case
        when coalesce(ended_at, term_ends_at, crm_subscriptions.cancelled_at) is not null
            then greatest(
                crm_subscriptions.started_at,
                coalesce(ended_at, term_ends_at, crm_subscriptions.cancelled_at)
            )
    end as ends_at,
    crm_subscriptions.mrr_amount,
from crm_subscriptions
join identifiers on identifiers.identifier_key = crm_subscriptions.identifier_key
where crm_subscriptions.trial_started_at is not null or crm_subscriptions.started_at is not null
