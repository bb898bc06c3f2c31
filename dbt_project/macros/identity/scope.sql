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

{#-
    Evidence groups in which a customer may have changed: those of the identifiers looked at, and those of devices that
    belong to whoever logged in last.
-#}
{% macro groups_looked_at() -%}
    select evidence_group
    from {{ ref('resolved_identifiers') }}
    where identifier_key in (
        select identifier_key from {{ ref('resolution_scope') }}
        union all
        select identifier_key from {{ ref('unclaimed_devices') }}
    )
{%- endmacro %}

{#- Before an incremental build: remove the customers of these groups, and of groups that are no more. -#}
{% macro remove_customers_looked_at() -%}
    {%- if is_incremental() and is_resolved_before() -%}
    delete from {{ this }}
    where evidence_group in ({{ groups_looked_at() }})
        or evidence_group not in (select evidence_group from {{ ref('resolved_identifiers') }})
    {%- else -%}
    {{ remove_open_rows([]) }}
    {%- endif -%}
{%- endmacro %}
