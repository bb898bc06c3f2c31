{#-
    What Typeform does not say of itself: which question asks what. A question's reference (`ref`) begins with `nps`,
    `csat` or `ces`; what follows is the touchpoint; `reversed` at its end says that a low answer is a good one.
-#}

{#- Kind of survey of a question that is answered on a scale; null for all other questions. -#}
{% macro typeform_survey_type(question_type, ref) -%}
    case when {{ question_type }} in ('opinion_scale', 'rating', 'nps') then
        coalesce(
            nullif(regexp_extract(lower({{ ref }}), '^(nps|csat|ces)([_-]|$)', 1), ''),
            if({{ question_type }} = 'nps', 'nps', null)
        )
    end
{%- endmacro %}

{#- The touchpoint in a reference, null when it names none. -#}
{% macro typeform_touchpoint(ref) -%}
    nullif(
        regexp_extract({{ ref }}, '^(nps|csat|ces)[_-](.*?)([_-]?reversed)?$', 2), ''
    )
{%- endmacro %}

{#- The first or the last step of a question's scale: ratings begin at 1, NPS questions go from 0 to 10. -#}
{% macro typeform_scale_end(end) -%}
    case scored.question_type
        when 'nps' then {{ 0 if end == 'first' else 10 }}
        when 'rating' then {{ 'if(scales.steps is null, null, 1)' if end == 'first' else 'scales.steps' }}
        else {{ 'scales.first_step' if end == 'first' else 'scales.first_step + scales.steps - 1' }}
    end
{%- endmacro %}
