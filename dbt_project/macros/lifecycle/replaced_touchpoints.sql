{#-
    Touchpoints of events whose vendor replaces its files as a whole: they can be withdrawn, or told by an older file
    again (`replaced_events.sql`). Looked for only when something was replaced since the touchpoints were last built.
-#}

{#- Condition that a touchpoint of `relation` is of an event that its vendor can take back. -#}
{% macro is_replaceable(relation) -%}
    (
        false
        {%- for entity in ['web_events', 'email_events', 'crm_consents'] if replacing_sources(entity) %}
        or ({{ relation }}.entity = '{{ entity }}' and {{ relation }}.source in ({{ text_list(replacing_sources(entity)) }}))
        {%- endfor %}
    )
{%- endmacro %}

{#- Further condition that a stored touchpoint tells of an event its vendor has taken back or tells otherwise. -#}
{% macro or_is_withdrawn() -%}
    {%- if is_replaced_since(this) -%}
    or (
        {{ is_replaceable(this) }}
        and (touchpoint_id, load_seq) not in (select (touchpoint_id, load_seq) from ({{ delivered_events() }}))
    )
    {%- endif -%}
{%- endmacro %}

{#- Further condition that a touchpoint is not stored though its event is an old one: an older file tells it again. -#}
{% macro or_is_told_again() -%}
    {%- if is_replaced_since(this) -%}
    or (
        {{ is_replaceable('events') }}
        and events.touchpoint_id not in (select touchpoint_id from {{ this }})
    )
    {%- endif -%}
{%- endmacro %}
