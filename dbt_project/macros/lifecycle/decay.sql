{#-
    Points lose half their worth every `lead_score_half_life_days`. Multiplied by this scale, points of different days
    can be added up once and read at any later instant: score(t) = sum(points * scale(t_i)) / scale(t).
-#}
{% macro decay_scale(instant) -%}
    pow(2, {{ days_between("timestamp '2020-01-01'", instant) }} / {{ var('lead_score_half_life_days') }})
{%- endmacro %}
