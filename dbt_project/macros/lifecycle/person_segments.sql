{#-
    The segments a person counts in, as they are named in the KPI summary: everybody, and one per dimension that is
    known of people. Somebody of whom nothing is known counts as `unknown`. Takes relations with the columns of
    customer_origins and customer_persons, left joined, and where the figure is told by it the customer segment.
-#}
{% macro person_segments(origins, persons, customer_segment=none) -%}
    [
        'all',
        {%- if customer_segment %}
        'customer_segment:' || coalesce({{ customer_segment }}, 'none'),
        {%- endif %}
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

{#- Joins segment_months: the customer segment a month began with, null for who had no touchpoint before it. -#}
{% macro segment_of_month(customer_id, month_start) -%}
    asof left join {{ ref('customer_segment_months') }} as segment_months
        on segment_months.customer_id = {{ customer_id }}
        and segment_months.month_start <= {{ month_start }}
{%- endmacro %}
