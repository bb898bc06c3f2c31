{#- What customers are worth, added up from their first month on: the columns of value_facts that are. -#}
{% macro value_worth() -%}
    {{ return([
        'customer_count', 'revenue_amount', 'contribution_amount', 'costed_revenue_amount', 'category_buyer_count',
        'category_count', 'cross_buyer_count',
    ]) }}
{%- endmacro %}
