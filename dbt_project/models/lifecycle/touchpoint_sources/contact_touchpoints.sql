with

crm_contacts as (

    select * from {{ ref('crm_contacts') }}

),

lead_source_channels as (

    select * from {{ ref('lead_source_channels') }}

)

select
    'crm_contacts:' || crm_contacts.record_key as touchpoint_id,
    'crm_contacts' as entity,
    crm_contacts.load_seq,
    crm_contacts.identifier_key,
    crm_contacts.created_at as occurred_at,
    'crm' as domain,
    crm_contacts.source,
    'contact_created' as touchpoint,
    lead_source_channels.channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'lead_source': 'crm_contacts.lead_source'}) }} as attributes,
from crm_contacts
left join lead_source_channels on lead_source_channels.lead_source = crm_contacts.lead_source
where crm_contacts.identifier_key is not null
