with

customers as (

    select * from {{ ref('customers') }}

),

feedback as (

    select * from {{ ref('customer_feedback') }}

),

engagement as (

    select * from {{ ref('customer_engagement') }}

),

consents as (

    select * from {{ ref('customer_consents') }}

)

select
    customers.customer_id,
    engagement.last_seen_at,
    engagement.last_channel,
    engagement.lead_score,
    engagement.engagement_score,
    engagement.email_open_rate,
    engagement.email_click_rate,
    engagement.web_session_count_90d,
    engagement.social_interaction_count_90d,
    engagement.loyalty_scan_count_90d,
    feedback.nps_score,
    feedback.nps_category,
    feedback.csat_score,
    feedback.ces_score,
    feedback.open_ticket_count,
    {%- for channel in ['email', 'phone', 'sms', 'post', 'tracking'] %}
    consents.{{ channel }}_consent_status,
    {%- endfor %}
from customers
left join feedback on feedback.customer_id = customers.customer_id
left join engagement on engagement.customer_id = customers.customer_id
left join consents on consents.customer_id = customers.customer_id
