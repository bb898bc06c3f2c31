{#-
    The lifecycle models whose stages have columns of their own in the customer marts. A model added to the var
    lifecycle_models needs no new column there: its stages stand in `further_stages`.
-#}
{% macro models_with_columns() -%} {{ return(['six_phase', 'relationship', 'three_r', 'experience']) }} {%- endmacro %}

{#- The stages of all further models in a relation with one column `<model>_stage` per model, as JSON; else null. -#}
{% macro further_stages(relation) -%}
    {%- set members = {} -%}
    {%- for model in var('lifecycle_models') if model not in models_with_columns() -%}
        {%- do members.update({model: relation ~ '.' ~ model ~ '_stage'}) -%}
    {%- endfor -%}
    {{ json_of(members) if members else 'null::varchar' }}
{%- endmacro %}
