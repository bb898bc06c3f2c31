{#- Intervals of shares that hold for few people and for shares of 0 and 1, where the usual ± 1.96 σ does not. -#}

{#- Lower or upper end (`sign` - or +) of the 95 % interval of `successes` of `total` by Wilson's score. -#}
{% macro wilson_bound(successes, total, sign) -%}
    (
        ({{ successes }} + 1.9207294) {{ sign }} 1.959964 * sqrt(
            {{ successes }} * (1 - {{ successes }} / {{ total }}) + 0.9603647
        )
    ) / ({{ total }} + 3.8414588)
{%- endmacro %}

{#-
    Lower or upper end of the 95 % interval of the difference of two independent shares, first − second, by Newcombe's
    hybrid of the two score intervals. `first` and `second` are pairs of successes and total.
-#}
{% macro share_difference_bound(first, second, sign) -%}
    {%- set opposite = '+' if sign == '-' else '-' -%}
    ({{ first[0] }} / {{ first[1] }} - {{ second[0] }} / {{ second[1] }}) {{ sign }} sqrt(
        pow({{ first[0] }} / {{ first[1] }} - {{ wilson_bound(first[0], first[1], sign) }}, 2)
        + pow({{ second[0] }} / {{ second[1] }} - {{ wilson_bound(second[0], second[1], opposite) }}, 2)
    )
{%- endmacro %}
