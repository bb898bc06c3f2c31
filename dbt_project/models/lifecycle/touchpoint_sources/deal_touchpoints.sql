with

crm_deals as (

    select * from {{ ref('crm_deals') }}

)

select
    'crm_deals:' || crm_deals.record_key as touchpoint_id,
    'crm_deals' as entity,
    crm_deals.load_seq,
    crm_deals.identifier_key,
    crm_deals.created_at as occurred_at,
    'crm' as domain,
    crm_deals.source,
    'deal_opened' as touchpoint,
    'sales' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'deal_id': 'crm_deals.deal_id', 'stage': 'crm_deals.stage'}) }} as attributes,
from crm_deals
where crm_deals.identifier_key is not null
union all
select
    'crm_deals:' || crm_deals.record_key || ':closing' as touchpoint_id,
    'crm_deals' as entity,
    crm_deals.load_seq,
    crm_deals.identifier_key,
    crm_deals.updated_at as occurred_at,
    'crm' as domain,
    crm_deals.source,
    'deal_closing' as touchpoint,
    'sales' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'deal_id': 'crm_deals.deal_id', 'stage': 'crm_deals.stage'}) }} as attributes,
from crm_deals
where crm_deals.identifier_key is not null
    and crm_deals.updated_at is not null and not coalesce(crm_deals.is_closed, false)
    and lower(crm_deals.stage) in ({{ text_list(var('closing_deal_stages')) }})
union all
select
    'crm_deals:' || crm_deals.record_key || ':closed' as touchpoint_id,
    'crm_deals' as entity,
    crm_deals.load_seq,
    crm_deals.identifier_key,
    crm_deals.closed_at as occurred_at,
    'crm' as domain,
    crm_deals.source,
    case when crm_deals.is_won then 'deal_won' else 'deal_lost' end as touchpoint,
    'sales' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'deal_id': 'crm_deals.deal_id', 'stage': 'crm_deals.stage'}) }} as attributes,
from crm_deals
where crm_deals.identifier_key is not null
    and crm_deals.closed_at is not null
