with

crm_tickets as (

    select * from {{ ref('crm_tickets') }}

)

select
    'crm_tickets:' || crm_tickets.record_key as touchpoint_id,
    'crm_tickets' as entity,
    crm_tickets.load_seq,
    crm_tickets.identifier_key,
    crm_tickets.opened_at as occurred_at,
    'crm' as domain,
    crm_tickets.source,
    case
        when lower(crm_tickets.topic) in ({{ text_list(var('complaint_topics')) }}) then 'complaint'
        when crm_tickets.is_self_service then 'self_service'
        else 'ticket_opened'
    end as touchpoint,
    'support' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'ticket_id': 'crm_tickets.ticket_id', 'channel': 'crm_tickets.channel', 'topic': 'crm_tickets.topic'}) }} as attributes,
from crm_tickets
where crm_tickets.identifier_key is not null
union all
select
    'crm_tickets:' || crm_tickets.record_key || ':resolved' as touchpoint_id,
    'crm_tickets' as entity,
    crm_tickets.load_seq,
    crm_tickets.identifier_key,
    crm_tickets.resolved_at as occurred_at,
    'crm' as domain,
    crm_tickets.source,
    'ticket_resolved' as touchpoint,
    'support' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'ticket_id': 'crm_tickets.ticket_id', 'channel': 'crm_tickets.channel', 'topic': 'crm_tickets.topic'}) }} as attributes,
from crm_tickets
where crm_tickets.identifier_key is not null
    and crm_tickets.resolved_at is not null
