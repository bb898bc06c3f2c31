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

{#-
    The sightings of one entry of `person_entities`: delivered values are grouped first and normalised afterwards, so
    that a function is called once per combination and not once per event. The evidence is the first row that carries
    several identifiers; a row with one identifier links nothing and needs none.
-#}
{% macro entity_sightings(entry) -%}
    {%- set group_columns = entry.columns.values() | list -%}
    {%- set others = group_columns[1:] -%}
    {%- if 'social_handle' in entry.columns %}{% do group_columns.append('platform') %}{% endif -%}
    {%- if entry.country %}{% do group_columns.append(entry.country) %}{% endif -%}
    select
        '{{ entry.entity }}' as entity,
        '{{ entry.role or "subject" }}' as role,
        source,
        {%- for identifier_type in identifier_types() %}
        {% if identifier_type in entry.columns -%}
        {{ identifier_key(identifier_type, entry.columns[identifier_type], country=entry.country or "''") }}
        {%- else -%} null::varchar {%- endif %} as {{ identifier_type }}_key,
        {%- endfor %}
        first_seen_at,
        last_seen_at,
        evidence.record_key as record_key,
        load_seq,
        row_count
    from (
        select
            source,
            {{ group_columns | join(', ') }},
            min({{ entry.clock }}) as first_seen_at,
            max({{ entry.clock }}) as last_seen_at,
            {%- if others %}
            min({'seen_at': {{ entry.clock }}, 'record_key': record_key})
                filter (where coalesce({{ others | join(', ') }}) is not null) as evidence,
            {%- else %}
            {'record_key': null::varchar} as evidence,
            {%- endif %}
            min(first_load_seq) as load_seq,
            count(*) as row_count,
        from {{ ref(entry.entity) }}
        {%- if entry.country_of %}
        left join (select source, contact_id, {{ entry.country }} from {{ ref(entry.country_of) }}) as known
            using (source, contact_id)
        {%- endif %}
        where coalesce({{ entry.clock }} < {{ as_of_end() }}, true)
        group by all
    )
{%- endmacro %}
