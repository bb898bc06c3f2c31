{#- What this run looks at again (model `resolution_scope`), and making room for it in the tables that outlast a run. -#}

{#- Identifiers that are resolved again. -#}
{% macro open_identifiers() -%}
    select identifier_key from {{ ref('resolution_scope') }} where is_open
{%- endmacro %}

{#- Condition that a row names, in one of the columns, an identifier that is looked at again: at first that is all. -#}
{% macro is_looked_at(columns) -%}
    {%- if is_resolved_before() -%}
    (
        {%- for column in columns %}
        {{ "or " if not loop.first }}{{ column }} in (select identifier_key from {{ ref('resolution_scope') }})
        {%- endfor %}
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- The sightings that name such an identifier. Whoever reads them depends on both models. -#}
{% macro sightings_looked_at() -%}
    {{ ref('scoped_sightings') if is_resolved_before() else ref('sightings') }}
{%- endmacro %}

{#-
    Before an incremental build: remove the stored rows of what is resolved again, by the columns that name it; all rows
    when there is no completed resolution they could belong to.
-#}
{% macro remove_open_rows(columns, also='false') -%}
    {%- if is_incremental() and not is_resolved_before() -%}
    delete from {{ this }}
    {%- elif is_incremental() -%}
    delete from {{ this }}
    where {{ also }}
        {%- for column in columns %}
        or {{ column }} in ({{ open_identifiers() }})
        {%- endfor %}
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}

{#- Before an incremental build: remove the edges of identifiers whose rows are looked at again. -#}
{% macro remove_edges_looked_at() -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where {{ is_looked_at(['left_key', 'right_key']) }}
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}
