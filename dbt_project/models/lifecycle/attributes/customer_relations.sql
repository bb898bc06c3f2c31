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
    {{ is_agreed('consents.email_consent_status') }} and persons.email is not null as is_email_contactable,
    {{ is_agreed('consents.phone_consent_status') }} and persons.phone is not null as is_phone_contactable,
    {{ is_agreed('consents.post_consent_status') }} and persons.street is not null and persons.city is not null
        as is_post_contactable,
    {{ is_agreed('consents.tracking_consent_status') }} as is_tracking_allowed,
    occasions.next_best_trigger,
from persons
left join feedback on feedback.customer_id = persons.customer_id
left join engagement on engagement.customer_id = persons.customer_id
left join consents on consents.customer_id = persons.customer_id
left join occasions on occasions.customer_id = persons.customer_id
