{#- A JSON text with the given keys, from a mapping of key to SQL expression. -#}
{% macro json_of(members) -%}
    json_object(
        {%- for key, expression in members.items() %}
        '{{ key }}', {{ expression }}{{ "," if not loop.last }}
        {%- endfor %}
    )::varchar
{%- endmacro %}
