{#- The value of one parameter of a GA4 event as text; null when the event has none of that name. -#}
{% macro ga4_parameter(name) -%}
    list_filter(parameters, lambda one: one.key = '{{ name }}')[1].value
{%- endmacro %}
