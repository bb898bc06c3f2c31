{#-
    The staging models of one entity, one per source that delivers it: the only place that says which source has what.
    Everybody can bring files of every entity; a connector brings those its vendor knows.
-#}
{% macro staged(entity) -%}
    {%- set delivered_by = {
        'crm_contacts': ['hubspot'],
    } -%}
    {%- set relations = [ref('stg_files__' ~ entity)] -%}
    {%- for connector in delivered_by.get(entity, []) if connector in var('connectors') -%}
        {%- do relations.append(ref('stg_' ~ connector ~ '__' ~ entity)) -%}
    {%- endfor -%}
    {{ return(relations) }}
{%- endmacro %}
