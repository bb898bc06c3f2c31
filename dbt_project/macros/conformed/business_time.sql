{#- The first instant (UTC) of a day in the business time zone. -#}
{% macro start_of_business_date(date_column) -%}
    ({{ date_column }}::timestamp at time zone {{ business_timezone() }} at time zone 'UTC')
{%- endmacro %}
