{#-
    Touchpoints of events whose vendor replaces its files as a whole: such an event can be withdrawn, or another file tells
    of it (`replaced_events.sql`). Looked for only when something was replaced since these touchpoints were last built.
-#}

{#- Condition that a touchpoint of `relation` is of such an event. -#}
{% macro is_replaceable(relation) -%}
    (
        false
        {%- for entity in ['web_events', 'email_events', 'crm_consents'] if replacing_sources(entity) %}
        or ({{ relation }}.entity = '{{ entity }}' and {{ relation }}.source in ({{ text_list(replacing_sources(entity)) }}))
        {%- endfor %}
    )
{%- endmacro %}

{#- Whether a file was replaced since these touchpoints were last built: those of each entity may be of another build. -#}
{% macro is_replaced_since_last_build() -%}
    {%- set seen -%}
    select min(load_seq) from (select max(load_seq) as load_seq from {{ this }} where {{ is_replaceable(this) }} group by entity)
    {%- endset -%}
    {{ return(execute and run_query(
        "select exists (select 1 from " ~ ref('replaced_loads') ~ " where replaced_by > (" ~ seen ~ "))"
    ).rows[0][0]) }}
{%- endmacro %}

{#- Further condition that a stored touchpoint is of an event that was withdrawn or that another file may tell of now. -#}
{% macro or_is_superseded() -%}
    {%- if is_replaced_since_last_build() -%}
    or (
        {{ is_replaceable(this) }}
        and (
            (touchpoint_id, load_seq) not in (select (touchpoint_id, load_seq) from ({{ delivered_events() }}))
            or (substring(touchpoint_id, length(entity) + 2), load_seq) in (
                select (record_key, load_seq) from {{ ref('superseded_events') }}
            )
        )
    )
    {%- endif -%}
{%- endmacro %}

{#- Further condition that an event has no touchpoint, though it may be an old one: it was removed by the one above. -#}
{% macro or_is_missing() -%}
    {%- if is_replaced_since_last_build() -%}
    or (
        {{ is_replaceable('events') }}
        and events.touchpoint_id not in (select touchpoint_id from {{ this }})
    )
    {%- endif -%}
{%- endmacro %}
