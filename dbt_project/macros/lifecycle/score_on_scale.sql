{#-
    An answer moved from its question's own scale to the scale `low` to `high` on which a high answer is a good one.
    A question without a scale is taken to be on the target scale already.
-#}
{% macro score_on_scale(score, scale_min, scale_max, higher_is_better, low, high) -%}
    case
        when {{ scale_max }} = {{ scale_min }} then null
        when coalesce({{ higher_is_better }}, true)
            then {{ low }} + ({{ score }} - coalesce({{ scale_min }}, {{ low }}))
                * {{ high - low }} / (coalesce({{ scale_max }}, {{ high }}) - coalesce({{ scale_min }}, {{ low }}))
        else {{ high }} - ({{ score }} - coalesce({{ scale_min }}, {{ low }}))
            * {{ high - low }} / (coalesce({{ scale_max }}, {{ high }}) - coalesce({{ scale_min }}, {{ low }}))
    end
{%- endmacro %}
