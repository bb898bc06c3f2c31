{#- A model lives in the schema its folder names; there is no prefix, so that schema = folder = Dagster group. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
