{#-
    The activity stream's sources, and how an incremental build finds what changed.

    Events never change once delivered, except by a later delivery of the same key; records (contacts, orders …) have a
    state at as_of, so their moments are rebuilt as a whole. A touchpoint of an event is up to date when its latest
    delivery has been seen, its time lies before as_of_end, and its identifier still belongs to the same customer. Those of
    a device that changes hands are decided anew by every build.
-#}

{#- Models whose rows are events: kept from build to build. -#}
{% macro event_touchpoint_models() -%}
    {{ return([
        'web_touchpoints', 'email_touchpoints', 'social_touchpoints', 'activity_touchpoints', 'survey_touchpoints',
        'loyalty_touchpoints', 'referral_touchpoints', 'review_touchpoints', 'consent_touchpoints',
    ]) }}
{%- endmacro %}

{#- Models whose rows are moments of records: rebuilt by every build. -#}
{% macro record_touchpoint_models() -%}
    {{ return([
        'contact_touchpoints', 'order_touchpoints', 'subscription_touchpoints', 'deal_touchpoints',
        'ticket_touchpoints',
    ]) }}
{%- endmacro %}

{#- Every touchpoint of an event, with the load of its latest delivery: entities of `event_touchpoint_models`. -#}
{% macro delivered_events() -%}
    {%- for entity, moments in {
        'web_events': [''], 'email_events': [''], 'social_interactions': [''], 'crm_activities': [''],
        'crm_survey_responses': [''], 'crm_loyalty_events': [''], 'crm_referrals': [':made', ':received'],
        'crm_reviews': [''], 'crm_consents': [''],
    }.items() %}
    {%- set last = loop.last %}
    {%- for moment in moments %}
    select '{{ entity }}' as entity, '{{ entity }}:' || record_key || '{{ moment }}' as touchpoint_id, load_seq
    from {{ ref(entity) }}
    {%- if not (last and loop.last) %} union all {% endif %}
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}

{#- Entities of `record_touchpoint_models`, as they stand in the column `entity`. -#}
{% macro record_touchpoint_entities() -%}
    {{ return(['crm_contacts', 'crm_orders', 'crm_subscriptions', 'crm_deals', 'crm_tickets']) }}
{%- endmacro %}

{#- All rows of the given models. -#}
{% macro touchpoints_of(models) -%}
    {%- for model in models %}
    select * from {{ ref(model) }}
    {%- if not loop.last %} union all {% endif %}
    {%- endfor %}
{%- endmacro %}

{#- Which loads of each entity the stored touchpoints have seen. -#}
{% macro seen_loads() -%}
    select entity, max(load_seq) as load_seq from {{ this }} group by entity
{%- endmacro %}

{#-
    Before an incremental build: remove every stored touchpoint that the build will deliver again or that must be gone.
    Runs in the build's own transaction, so that a build that fails removes nothing. Which events were delivered again
    is asked of the events themselves: one that names nobody any more has no touchpoint now, but it had one.
-#}
{% macro remove_outdated_touchpoints() -%}
    {%- set events = delivered_events() -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where entity in ({{ text_list(record_touchpoint_entities()) }})
        or occurred_at >= {{ as_of_end() }}
        or identifier_key in (
            select stored.identifier_key
            from (select identifier_key, customer_id from {{ this }} group by all) as stored
            anti join {{ ref('customer_identifiers_map') }} as identifiers using (identifier_key, customer_id)
            union all
            select device_key from {{ ref('device_periods') }}
        )
        {{ or_is_superseded() }}
        or touchpoint_id in (
            select events.touchpoint_id
            from ({{ events }}) as events
            join ({{ seen_loads() }}) as seen on seen.entity = events.entity
            where events.load_seq > seen.load_seq
        )
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}
