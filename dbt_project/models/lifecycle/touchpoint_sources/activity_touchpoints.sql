with

crm_activities as (

    select * from {{ ref('crm_activities') }}

)

select
    'crm_activities:' || crm_activities.record_key as touchpoint_id,
    'crm_activities' as entity,
    crm_activities.load_seq,
    crm_activities.identifier_key,
    crm_activities.occurred_at as occurred_at,
    'crm' as domain,
    crm_activities.source,
    case
        when crm_activities.type = 'quote' and lower(crm_activities.outcome) in ('accepted', 'won', 'angenommen')
            then 'quote_accepted'
        else crm_activities.type
    end as touchpoint,
    case crm_activities.type
        when 'mailing' then 'post'
        when 'visit' then 'store'
        else 'sales'
    end as channel,
    crm_activities.campaign,
    null::decimal(18, 2) as revenue_amount,
    null::varchar as satisfaction_type,
    null::double as satisfaction_score,
    {{ json_of({'direction': 'crm_activities.direction', 'outcome': 'crm_activities.outcome'}) }} as attributes,
from crm_activities
where crm_activities.identifier_key is not null
