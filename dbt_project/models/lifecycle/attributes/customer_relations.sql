with

persons as (

    select * from {{ ref('customer_persons') }}

),

feedback as (

    select * from {{ ref('customer_feedback') }}

),

engagement as (

    select * from {{ ref('customer_engagement') }}

),

consents as (

    select * from {{ ref('customer_consents') }}

),

permissions as (

    select * from {{ ref('contact_permissions') }}

),

crm_stages as (

    select * from {{ ref('customer_crm_stages') }}

),

occasions as (

    select
        customer_id,
        arg_min(trigger, priority) as next_best_trigger,
    from {{ ref('contact_occasions') }}
    group by customer_id

)

select
    persons.customer_id,
    engagement.last_seen_at,
    engagement.last_channel,
    coalesce(engagement.lead_score, 0) as lead_score,
    coalesce(engagement.engagement_score, 0) as engagement_score,
    engagement.email_open_rate,
    engagement.email_click_rate,
    coalesce(engagement.web_session_count_90d, 0) as web_session_count_90d,
    coalesce(engagement.social_interaction_count_90d, 0) as social_interaction_count_90d,
    coalesce(engagement.loyalty_scan_count_90d, 0) as loyalty_scan_count_90d,
    feedback.nps_score,
    feedback.nps_category,
    feedback.csat_score,
    feedback.ces_score,
    coalesce(feedback.open_ticket_count, 0) as open_ticket_count,
    coalesce(consents.email_consent_status, 'none') as email_consent_status,
    permissions.is_email_contactable,
    permissions.is_phone_contactable,
    permissions.is_post_contactable,
    {{ is_agreed('consents.tracking_consent_status') }} as is_tracking_allowed,
    occasions.next_best_trigger,
    crm_stages.crm_lifecycle_stage,
    crm_stages.crm_stage_changed_at,
from persons
left join feedback on feedback.customer_id = persons.customer_id
left join engagement on engagement.customer_id = persons.customer_id
left join consents on consents.customer_id = persons.customer_id
left join permissions on permissions.customer_id = persons.customer_id
left join crm_stages on crm_stages.customer_id = persons.customer_id
left join occasions on occasions.customer_id = persons.customer_id
