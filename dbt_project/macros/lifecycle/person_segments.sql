{#-
    The segments a person counts in, as they are named in the KPI summary: everybody, and one per dimension that is
    known of people. Somebody of whom nothing is known counts as `unknown`. Takes relations with the columns of
    customer_origins and customer_persons, left joined.
-#}
{% macro person_segments(origins, persons) -%}
    [
        'all',
        'acquisition_channel:' || coalesce({{ origins }}.acquisition_channel, 'unknown'),
        'country:' || coalesce({{ persons }}.country, 'unknown'),
        'customer_type:' || case when {{ persons }}.is_business then 'business' else 'consumer' end,
        {%- for column in ['company_industry', 'company_size_band'] %}
        '{{ column }}:' || coalesce(
            case when {{ persons }}.is_business then {{ persons }}.{{ column }} else 'none' end, 'unknown'
        ){{ ',' if not loop.last }}
        {%- endfor %}
    ]
{%- endmacro %}
