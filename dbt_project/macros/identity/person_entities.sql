{#-
    Where identifiers occur: each conformed entity that names people, its clock, and which column holds which
    identifier. A row with two people (the one who refers and the one referred) is two entries. `country_of` is the entity
    whose row of the same contact of the same source knows the country.
-#}
{% macro person_entities() -%}
    {{ return([
        {'entity': 'crm_contacts', 'clock': 'created_at', 'country': 'country', 'columns': {
            'contact_id': 'contact_id', 'user_id': 'user_id', 'loyalty_id': 'loyalty_id', 'email': 'email', 'phone': 'phone'
        }},
        {'entity': 'crm_contacts', 'role': 'merged_into', 'clock': 'created_at', 'columns': {
            'contact_id': 'merged_into_contact_id'
        }},
        {'entity': 'crm_deals', 'clock': 'created_at', 'columns': {'contact_id': 'contact_id'}},
        {'entity': 'crm_orders', 'clock': 'ordered_at', 'columns': {
            'contact_id': 'contact_id', 'user_id': 'user_id', 'loyalty_id': 'loyalty_id', 'email': 'email',
            'anonymous_id': 'anonymous_id'
        }},
        {'entity': 'crm_subscriptions', 'clock': 'coalesce(least(trial_started_at, started_at), updated_at)', 'columns': {
            'contact_id': 'contact_id', 'email': 'email'
        }},
        {'entity': 'crm_activities', 'clock': 'occurred_at', 'columns': {'contact_id': 'contact_id'}},
        {'entity': 'crm_tickets', 'clock': 'opened_at', 'columns': {'contact_id': 'contact_id', 'email': 'email'}},
        {'entity': 'crm_survey_responses', 'clock': 'responded_at', 'columns': {
            'contact_id': 'contact_id', 'email': 'email'
        }},
        {'entity': 'crm_loyalty_events', 'clock': 'occurred_at', 'columns': {
            'contact_id': 'contact_id', 'loyalty_id': 'loyalty_id', 'email': 'email'
        }},
        {'entity': 'crm_referrals', 'clock': 'occurred_at', 'columns': {
            'contact_id': 'referrer_contact_id', 'email': 'referrer_email'
        }},
        {'entity': 'crm_referrals', 'role': 'referred', 'clock': 'occurred_at', 'columns': {'email': 'referred_email'}},
        {'entity': 'crm_reviews', 'clock': 'occurred_at', 'columns': {'contact_id': 'contact_id', 'email': 'email'}},
        {'entity': 'crm_consents', 'clock': 'occurred_at', 'country': 'country', 'country_of': 'crm_contacts', 'columns': {
            'contact_id': 'contact_id', 'email': 'email', 'phone': 'phone'
        }},
        {'entity': 'crm_stage_changes', 'clock': 'changed_at', 'columns': {'contact_id': 'contact_id'}},
        {'entity': 'web_events', 'clock': 'occurred_at', 'columns': {
            'user_id': 'user_id', 'email': 'email', 'anonymous_id': 'anonymous_id'
        }},
        {'entity': 'social_interactions', 'clock': 'occurred_at', 'columns': {
            'email': 'email', 'social_handle': 'handle'
        }},
        {'entity': 'email_campaign_members', 'clock': 'assigned_at', 'columns': {
            'contact_id': 'contact_id', 'email': 'email'
        }},
        {'entity': 'email_events', 'clock': 'occurred_at', 'columns': {'email': 'email'}},
    ]) }}
{%- endmacro %}
