{#-
    Ends of 95 % intervals; `side` is -1 for the lower and 1 for the upper end. Each stays useful with few answers, where
    the plain normal interval of a share has no width at all.
-#}

{#- Of a share, by Wilson (1927): the shares that the observed one does not contradict. -#}
{% macro share_interval(hits, answers, side) -%}
    (
        {{ hits }} + 1.92073 + {{ side }} * 1.959964 * sqrt(
            {{ hits }} * ({{ answers }} - {{ hits }}) / nullif({{ answers }}, 0)::double + 0.960365
        )
    ) / ({{ answers }} + 3.841459)
{%- endmacro %}

{#-
    Of the difference of two shares of the same answers, as the net promoter score is one, by Agresti and Min (2005):
    the normal interval after half an answer has been added to each side and one to the middle. From -1 to 1.
-#}
{% macro net_share_interval(positive, negative, answers, side) -%}
    greatest(-1.0, least(1.0,
        ({{ positive }} - {{ negative }}) / ({{ answers }} + 2.0)
        + {{ side }} * 1.959964 * sqrt(
            ({{ positive }} + {{ negative }} + 1.0) / ({{ answers }} + 2.0)
            - pow(({{ positive }} - {{ negative }}) / ({{ answers }} + 2.0), 2)
        ) / sqrt({{ answers }} + 2.0)
    ))
{%- endmacro %}

{#- Of a mean on a scale: 1.96 standard errors, not beyond the ends of the scale. Null with one answer. -#}
{% macro mean_interval(mean, deviation, answers, low, high, side) -%}
    case
        when {{ answers }} > 1
            then greatest(
                {{ low }}, least({{ high }}, {{ mean }} + {{ side }} * 1.959964 * {{ deviation }} / sqrt({{ answers }}))
            )
    end
{%- endmacro %}
