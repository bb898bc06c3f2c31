with

email_campaigns as (

    select
        campaign_id,
        source,
        'email' as domain,
        min(name) as name,
    from {{ ref('email_campaigns') }}
    group by all

)

select
    touchpoints.touchpoint_id,
    touchpoints.customer_id,
    touchpoints.occurred_at,
    touchpoints.domain,
    touchpoints.source,
    touchpoints.touchpoint,
    touchpoints.channel,
    coalesce(email_campaigns.name, touchpoints.campaign) as campaign,
    touchpoints.customer_id || '-' || steps.session_number as session_id,
    steps.occurrence,
    touchpoints.revenue_amount,
    touchpoints.satisfaction_type,
    touchpoints.satisfaction_score,
    touchpoints.attributes,
    {%- for model in models_with_columns() %}
    stage_combinations.{{ model }}_stage,
    {%- endfor %}
    {{ further_stages('stage_combinations') }} as further_stages,
    {{ as_of() }} as as_of,
from {{ ref('touchpoints') }} as touchpoints
-- Place, session and stages are known in numbers; two touchpoints at one instant do not share a hash of 64 bits.
left join {{ ref('journey_steps') }} as steps
    on steps.touchpoint_id_hash = hash(touchpoints.touchpoint_id)
    and steps.occurred_at = touchpoints.occurred_at
left join {{ ref('stage_combinations') }} as stage_combinations
    on stage_combinations.combination_number = steps.combination_number
left join email_campaigns
    on email_campaigns.campaign_id = touchpoints.campaign
    and email_campaigns.source = touchpoints.source
    and email_campaigns.domain = touchpoints.domain
