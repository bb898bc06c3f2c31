with

crm_consents as (

    select * from {{ ref('crm_consents') }}

)

select
    'crm_consents:' || crm_consents.record_key as touchpoint_id,
    'crm_consents' as entity,
    crm_consents.load_seq,
    crm_consents.identifier_key,
    crm_consents.occurred_at as occurred_at,
    'crm' as domain,
    crm_consents.source,
    case
        when crm_consents.status = 'requested' then 'consent_requested'
        when crm_consents.channel = 'email' and crm_consents.status in ('granted', 'confirmed') then 'email_opt_in'
        when crm_consents.channel = 'email' then 'email_opt_out'
        when crm_consents.status in ('granted', 'confirmed') then 'consent_given'
        else 'consent_withdrawn'
    end as touchpoint,
    'consent' as channel,
    null::varchar as campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'channel': 'crm_consents.channel', 'purpose': 'crm_consents.purpose', 'status': 'crm_consents.status'}) }} as attributes,
from crm_consents
where crm_consents.identifier_key is not null
