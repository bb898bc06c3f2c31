{#-
    How many standard errors the recent conversion rate lies above the earlier one, by the pooled test of two
    proportions; null where everybody or nobody converted. Below −1.645 a fall is hardly chance (one-sided, 5 %).
-#}
{% macro two_proportion_z(relation) -%}
    ({{ relation }}.recent_conversion_rate - {{ relation }}.earlier_conversion_rate)
    / nullif(
        sqrt(
            {{ relation }}.pooled_rate * (1 - {{ relation }}.pooled_rate)
            * (1 / {{ relation }}.recent_people_count + 1 / {{ relation }}.earlier_people_count)
        ),
        0
    )
{%- endmacro %}
