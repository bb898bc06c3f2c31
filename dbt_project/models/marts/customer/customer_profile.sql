with

customers as (select * from {{ ref('customers') }}),

origins as (select * from {{ ref('customer_origins') }}),

persons as (select * from {{ ref('customer_persons') }}),

stages as (select * from {{ ref('customer_lifecycle') }}),

value as (select * from {{ ref('customer_value') }}),

relations as (select * from {{ ref('customer_relations') }}),

predictions as (select * from {{ ref('customer_predictions') }})

select
    customers.customer_id,
    customers.is_identified,
    origins.identified_at,
    customers.first_seen_at,
    relations.last_seen_at,
    customers.source_count::integer as source_count,
    customers.identifier_count::integer as identifier_count,
    persons.full_name, persons.first_name, persons.last_name, persons.email, persons.phone,
    persons.city, persons.postal_code, persons.country, persons.birth_on,
    persons.is_business, persons.company_name, persons.company_industry, persons.company_size_band,
    origins.acquisition_channel,
    origins.acquisition_campaign,
    origins.first_touchpoint,
    origins.first_touchpoint_at,
    persons.lead_source,
    stages.six_phase_stage,
    stages.six_phase_entered_at,
    stages.six_phase_high_water,
    stages.relationship_parent as relationship_phase,
    stages.relationship_stage as relationship_subphase,
    stages.relationship_entered_at,
    stages.relationship_high_water,
    stages.three_r_parent as three_r_phase,
    stages.three_r_stage as customer_segment,
    stages.three_r_entered_at,
    stages.three_r_high_water,
    stages.experience_stage,
    stages.experience_entered_at,
    stages.experience_high_water,
    {{ further_stages('stages') }} as further_stages,
    stages.experience_cycle_number::integer as cycle_number,
    coalesce(stages.is_lost, false) as is_lost,
    stages.lost_at,
    coalesce(stages.is_reactivated, false) as is_reactivated,
    stages.reactivation_channel,
    stages.lapse_threshold_days,
    coalesce(value.order_count, 0)::integer as order_count,
    value.first_order_at,
    value.last_order_at,
    coalesce(value.revenue_amount, 0)::decimal(18, 2) as revenue_amount,
    coalesce(value.refunded_amount, 0)::decimal(18, 2) as refunded_amount,
    value.contribution_amount,
    (value.revenue_amount / nullif(value.order_count, 0))::decimal(18, 2) as average_order_amount,
    value.median_days_between_orders,
    coalesce(value.distinct_category_count, 0)::integer as distinct_category_count,
    coalesce(value.has_active_contract, false) as has_active_contract,
    value.contract_ends_on,
    value.mrr_amount,
    value.trial_ends_at,
    coalesce(value.is_trial_expired, false) as is_trial_expired,
    value.rfm_recency_score, value.rfm_frequency_score, value.rfm_monetary_score, value.rfm_segment,
    predictions.probability_alive, predictions.churn_risk_rate, predictions.predicted_clv_36m_amount,
    relations.nps_score, relations.nps_category, relations.csat_score, relations.ces_score,
    relations.open_ticket_count::integer as open_ticket_count,
    relations.lead_score,
    relations.engagement_score,
    relations.email_open_rate,
    relations.email_click_rate,
    relations.web_session_count_90d::integer as web_session_count_90d,
    relations.social_interaction_count_90d::integer as social_interaction_count_90d,
    relations.loyalty_scan_count_90d::integer as loyalty_scan_count_90d,
    relations.last_channel,
    relations.email_consent_status,
    relations.is_email_contactable, relations.is_phone_contactable, relations.is_post_contactable,
    relations.is_tracking_allowed,
    relations.next_best_trigger,
    relations.crm_lifecycle_stage, relations.crm_stage_changed_at,
    {{ as_of() }} as as_of,
from customers
join origins on origins.customer_id = customers.customer_id
left join persons on persons.customer_id = customers.customer_id
left join stages on stages.customer_id = customers.customer_id
left join value on value.customer_id = customers.customer_id
left join relations on relations.customer_id = customers.customer_id
left join predictions on predictions.customer_id = customers.customer_id
