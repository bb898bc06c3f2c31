{#-
    The staging models of one entity, one per source that delivers it: the only place that says which source has what.
    Everybody can bring files of every entity; a connector brings those its vendor knows.
-#}
{% macro staged(entity) -%}
    {%- set delivered_by = {
        'crm_contacts': ['hubspot', 'shopify', 'stripe', 'mailchimp', 'brevo', 'klaviyo', 'salesforce'],
        'crm_companies': ['hubspot', 'salesforce'],
        'crm_deals': ['hubspot', 'salesforce'],
        'crm_orders': ['shopify'],
        'crm_order_lines': ['shopify'],
        'crm_subscriptions': ['stripe'],
        'crm_activities': ['hubspot', 'salesforce'],
        'crm_tickets': ['hubspot', 'salesforce'],
        'crm_survey_responses': ['hubspot', 'typeform'],
        'crm_consents': ['shopify', 'mailchimp', 'brevo', 'klaviyo', 'sendgrid'],
        'crm_stage_changes': ['hubspot'],
        'web_events': ['shopify', 'ga4', 'matomo', 'segment', 'snowplow'],
        'social_interactions': ['meta_graph'],
        'social_page_metrics': ['linkedin', 'meta_graph'],
        'social_ad_spend': ['google_ads', 'meta_ads'],
        'email_campaigns': ['mailchimp', 'brevo', 'klaviyo'],
        'email_events': ['mailchimp', 'brevo', 'klaviyo', 'sendgrid'],
    } -%}
    {%- set relations = [ref('stg_files__' ~ entity)] -%}
    {%- for connector in delivered_by.get(entity, []) if connector in var('connectors') -%}
        {%- do relations.append(ref('stg_' ~ connector ~ '__' ~ entity)) -%}
    {%- endfor -%}
    {{ return(relations) }}
{%- endmacro %}

{#- All entities of the contract. -#}
{% macro delivered_entities() -%}
    {{ return([
        'crm_contacts', 'crm_companies', 'crm_deals', 'crm_orders', 'crm_order_lines',
        'crm_subscriptions', 'crm_activities', 'crm_tickets', 'crm_survey_responses',
        'crm_loyalty_events', 'crm_referrals', 'crm_reviews', 'crm_consents', 'crm_stage_changes',
        'web_events', 'social_interactions', 'social_page_metrics', 'social_ad_spend', 'email_campaigns',
        'email_campaign_members', 'email_events', 'reference_fx_rates', 'reference_identity_overrides',
        'reference_kpi_targets',
    ]) }}
{%- endmacro %}
