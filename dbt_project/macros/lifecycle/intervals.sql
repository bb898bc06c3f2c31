{#-
    Ends of 95 % intervals, z = 1.96 standard errors; `side` is -1 for the lower and 1 for the upper end. Shares and
    differences of shares stay useful with few answers, where the plain normal interval has no width at all.
-#}

{#- Of a share, by Wilson (1927): the shares that the observed one does not contradict. -#}
{% macro share_interval(hits, answers, side) -%}
    {%- set z = 1.959963984540054 -%}
    greatest(0.0, least(1.0,
        (
            {{ hits }} + {{ z * z / 2 }} + {{ side * z }} * sqrt(
                {{ hits }} * ({{ answers }} - {{ hits }}) / nullif({{ answers }}, 0)::double + {{ z * z / 4 }}
            )
        ) / ({{ answers }} + {{ z * z }})
    ))
{%- endmacro %}

{#-
    Of the difference of two independent shares, first − second, by Newcombe's (1998) hybrid of their two intervals.
    `first` and `second` are pairs of hits and answers.
-#}
{% macro share_difference_interval(first, second, side) -%}
    ({{ first[0] }} / {{ first[1] }} - {{ second[0] }} / {{ second[1] }}) + {{ side }} * sqrt(
        pow({{ first[0] }} / {{ first[1] }} - {{ share_interval(first[0], first[1], side) }}, 2)
        + pow({{ second[0] }} / {{ second[1] }} - {{ share_interval(second[0], second[1], -side) }}, 2)
    )
{%- endmacro %}

{#-
    Of the difference of two shares of the same answers, as the net promoter score is one, by Agresti and Min (2005):
    the normal interval after half an answer has been added to each side and one to the middle. From -1 to 1.
-#}
{% macro net_share_interval(positive, negative, answers, side) -%}
    {%- set z = 1.959963984540054 -%}
    greatest(-1.0, least(1.0,
        ({{ positive }} - {{ negative }}) / ({{ answers }} + 2.0)
        + {{ side * z }} * sqrt(
            ({{ positive }} + {{ negative }} + 1.0) / ({{ answers }} + 2.0)
            - pow(({{ positive }} - {{ negative }}) / ({{ answers }} + 2.0), 2)
        ) / sqrt({{ answers }} + 2.0)
    ))
{%- endmacro %}

{#- Of a mean on a scale: 1.96 standard errors, not beyond the ends of the scale. Null with one answer. -#}
{% macro mean_interval(mean, deviation, answers, low, high, side) -%}
    {%- set z = 1.959963984540054 -%}
    case
        when {{ answers }} > 1
            then greatest(
                {{ low }}, least({{ high }}, {{ mean }} + {{ side * z }} * {{ deviation }} / sqrt({{ answers }}))
            )
    end
{%- endmacro %}
