{#-
    Days without a purchase after which a customer is lost, from the typical longest gap between purchases
    (`gap_quantile_days`): a fixed number where one is configured, else a multiple of that gap between a floor and a
    cap. Without any known gap the cap holds: nobody is called lost by a figure nobody has measured.
-#}
{% macro lapse_days(gap_quantile_days) -%}
    {%- if var('lapse_fixed_days') -%}
    {{ var('lapse_fixed_days') }}
    {%- else -%}
    greatest(
        {{ var('lapse_floor_days') }},
        least(
            {{ var('lapse_cap_days') }},
            coalesce(
                ceil(round({{ var('lapse_gap_multiple') }} * {{ gap_quantile_days }}, 6))::integer,
                {{ var('lapse_cap_days') }}
            )
        )
    )
    {%- endif -%}
{%- endmacro %}
