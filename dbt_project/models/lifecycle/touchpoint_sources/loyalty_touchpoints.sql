with

crm_loyalty_events as (

    select * from {{ ref('crm_loyalty_events') }}

)

select
    'crm_loyalty_events:' || crm_loyalty_events.record_key as touchpoint_id,
    'crm_loyalty_events' as entity,
    crm_loyalty_events.load_seq,
    crm_loyalty_events.identifier_key,
    crm_loyalty_events.occurred_at as occurred_at,
    'crm' as domain,
    crm_loyalty_events.source,
    'loyalty_' || crm_loyalty_events.type as touchpoint,
    'loyalty' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'points': 'crm_loyalty_events.points'}) }} as attributes,
from crm_loyalty_events
where crm_loyalty_events.identifier_key is not null
