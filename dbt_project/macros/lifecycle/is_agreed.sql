{#- Whether the latest decision about a channel is a consent in force. No decision is none. -#}
{% macro is_agreed(consent_status) -%}
    coalesce({{ consent_status }} in ('granted', 'confirmed'), false)
{%- endmacro %}
