{#-
    Whether a purchase differs from the person's own earlier ones in the way the condition says; without enough of
    them, or without what the condition compares, it does not.
-#}
{% macro differs_from_past(condition) -%}
    coalesce(purchase_number > {{ var('value_purchases_minimum') }} and {{ condition }}, false)
{%- endmacro %}
