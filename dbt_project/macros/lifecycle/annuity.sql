{#-
    What a payment of 1 at the end of each of so many months is worth today, discounted by `clv_monthly_discount_rate`.
-#}
{% macro annuity(months) -%}
    {%- set rate = var('clv_monthly_discount_rate') -%}
    {%- if rate == 0 -%}
    {{ months }}
    {%- else -%}
    (1 - pow(1 + {{ rate }}, -({{ months }}))) / {{ rate }}
    {%- endif -%}
{%- endmacro %}
