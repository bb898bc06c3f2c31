{#- A list of texts from configuration as SQL literals, for `in (...)`. -#}
{% macro text_list(values) -%}
    {%- for value in values -%} '{{ value | replace("'", "''") }}' {{- ", " if not loop.last }} {%- endfor -%}
{%- endmacro %}
