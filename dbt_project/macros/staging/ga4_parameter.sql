{#- The value of one parameter of a GA4 event as text; null when the event has none of that name. -#}
{% macro ga4_parameter(name) -%}
    list_filter(parameters, lambda one: one.key = '{{ name }}')[1].value
{%- endmacro %}

{#- What an event of GA4 is known by: it carries no number. -#}
{% macro ga4_event_id() -%}
    md5(concat_ws(
        '|', user_pseudo_id, event_timestamp, event_name,
        coalesce(batch_page_id || '|' || batch_ordering_id || '|' || batch_event_index, md5(event_params))
    ))
{%- endmacro %}
