{#-
    An answer moved from its question's own scale to the scale `low` to `high` on which a high answer is a good one.
    An end that is not stated is that of the target scale. Null where the scale has no length or does not hold the
    answer.
-#}
{% macro score_on_scale(score, scale_min, scale_max, higher_is_better, low, high) -%}
    {%- set first = 'coalesce(' ~ scale_min ~ ', ' ~ low ~ ')' -%}
    {%- set last = 'coalesce(' ~ scale_max ~ ', ' ~ high ~ ')' -%}
    case
        when {{ first }} >= {{ last }} or {{ score }} not between {{ first }} and {{ last }} then null
        when coalesce({{ higher_is_better }}, true)
            then {{ low }} + ({{ score }} - {{ first }}) * {{ high - low }} / ({{ last }} - {{ first }})
        else {{ high }} - ({{ score }} - {{ first }}) * {{ high - low }} / ({{ last }} - {{ first }})
    end
{%- endmacro %}

{#- An answer to the NPS question, which is asked from 0 to 10 and never moved: null where it was asked otherwise. -#}
{% macro nps_score(score, scale_max) -%}
    case when coalesce({{ scale_max }}, 10) = 10 and {{ score }} between 0 and 10 then {{ score }} end
{%- endmacro %}
