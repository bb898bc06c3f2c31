{#-
    Rules that see two identifiers of one person in the rows of `entities`: the row's most trusted identifier among
    `left_types`, and `right_type`. What people and sources say outright (overrides, merges, matches) is in the model.
-#}
{% macro edge_rules() -%}
    {{ return([
        {'rule': 'contact_user', 'entities': ['crm_contacts'], 'left_types': ['contact_id'], 'right_type': 'user_id'},
        {'rule': 'contact_loyalty', 'entities': ['crm_contacts'], 'left_types': ['contact_id'], 'right_type': 'loyalty_id'},
        {'rule': 'contact_email', 'entities': ['crm_contacts'], 'left_types': ['contact_id', 'user_id', 'loyalty_id'],
            'right_type': 'email'},
        {'rule': 'contact_phone', 'entities': ['crm_contacts'],
            'left_types': ['contact_id', 'user_id', 'loyalty_id', 'email'], 'right_type': 'phone'},
        {'rule': 'order_user', 'entities': ['crm_orders'], 'left_types': ['contact_id'], 'right_type': 'user_id'},
        {'rule': 'order_loyalty', 'entities': ['crm_orders'], 'left_types': ['contact_id', 'user_id'],
            'right_type': 'loyalty_id'},
        {'rule': 'order_email', 'entities': ['crm_orders'], 'left_types': ['contact_id', 'user_id', 'loyalty_id'],
            'right_type': 'email'},
        {'rule': 'order_device', 'entities': ['crm_orders'],
            'left_types': ['contact_id', 'user_id', 'loyalty_id', 'email'], 'right_type': 'anonymous_id'},
        {'rule': 'loyalty_card', 'entities': ['crm_loyalty_events'], 'left_types': ['contact_id'],
            'right_type': 'loyalty_id'},
        {'rule': 'loyalty_email', 'entities': ['crm_loyalty_events'], 'left_types': ['contact_id', 'loyalty_id'],
            'right_type': 'email'},
        {'rule': 'record_email', 'left_types': ['contact_id'], 'right_type': 'email', 'entities': [
            'crm_subscriptions', 'crm_tickets', 'crm_survey_responses', 'crm_reviews', 'crm_consents', 'crm_referrals',
            'email_campaign_members'
        ]},
        {'rule': 'consent_phone', 'entities': ['crm_consents'], 'left_types': ['contact_id', 'email'],
            'right_type': 'phone'},
        {'rule': 'web_login', 'entities': ['web_events'], 'left_types': ['user_id'], 'right_type': 'anonymous_id'},
        {'rule': 'web_email', 'entities': ['web_events'], 'left_types': ['user_id', 'anonymous_id'],
            'right_type': 'email'},
        {'rule': 'social_email', 'entities': ['social_interactions'], 'left_types': ['social_handle'],
            'right_type': 'email'},
    ]) }}
{%- endmacro %}

{#- Edges of one of these rules: pairs of identifiers that rows carry together, among the given sightings. -#}
{% macro identifiers_seen_together(sightings, rule, entities, left_types, right_type) -%}
    select
        '{{ rule }}' as rule,
        left_key,
        right_key,
        min({'seen_at': first_seen_at, 'record_key': record_key}).record_key as record_key,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        min(load_seq) as load_seq,
        sum(row_count)::bigint as row_count,
    from (
        select
            *,
            coalesce({% for type in left_types %}{{ type }}_key{{ ", " if not loop.last }}{% endfor %}) as left_key,
            {{ right_type }}_key as right_key,
        from {{ sightings }}
        where entity in ('{{ entities | join("', '") }}')
            and role = 'subject'
    )
    where left_key is not null
        and right_key is not null
    group by left_key, right_key
{%- endmacro %}
