{#-
    The attribution models: the share of an order that the touches up to and including one have earned, in words of
    `attribution_shares`. The last touch of a path always completes the share to one.
-#}
{% macro attribution_shares_earned() -%}
    {%- set ends = var('attribution_end_share') -%}
    {{ return({
        'first': '1.0',
        'last': '0.0',
        'linear': 'position / path_length',
        'position_based': "case when path_length = 2 then 0.5 else " ~ ends ~ " + (position - 1) * (1 - 2 * " ~ ends
            ~ ") / (path_length - 2) end",
        'time_decay': 'decay_so_far / decay_weight',
        'data_driven': 'effect_so_far / effect_weight',
    }) }}
{%- endmacro %}

{#- Their names. -#}
{% macro attribution_models() -%} {{ return(attribution_shares_earned().keys() | list) }} {%- endmacro %}
