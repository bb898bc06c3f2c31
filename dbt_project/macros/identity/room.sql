{#-
    Making room, in the tables that outlast a run, for what this run looks at again: what runs before an incremental
    build. Where no completed resolution is left that rows could belong to, all of them go.
-#}

{#- Remove the stored rows of what is resolved again, by the columns that name it. -#}
{% macro remove_open_rows(columns, also=none) -%}
    {%- set conditions = [also] if also else [] -%}
    {%- for column in columns %}{% do conditions.append(column ~ ' in (' ~ open_identifiers() ~ ')') %}{% endfor -%}
    {{ remove_stored('where ' ~ conditions | join(' or ')) }}
{%- endmacro %}

{#- Remove identifiers that were resolved again and that no row names any more; the others are replaced. -#}
{% macro remove_vanished_identifiers() -%}
    {{ remove_stored(
        'where identifier_key in (' ~ open_identifiers()
        ~ ' and identifier_key not in (select identifier_key from ' ~ ref('identifiers') ~ '))'
    ) }}
{%- endmacro %}

{#-
    Remove the edges of identifiers whose rows are looked at again. A row that changed has all its identifiers looked at,
    so asking for one end is enough, but for what somebody has said of identifiers that no row may name. One statement a
    rule: DuckDB leaves out what can have no row of one rule, not of several.
-#}
{% macro remove_edges_looked_at() -%}
    {{ remove_stored('where ' ~ is_looked_at(['left_key'])) }}
    {%- for rule in rules_said_outright() if is_incremental() and is_resolved_before() %};
    {{ remove_stored("where rule = '" ~ rule ~ "' and " ~ is_looked_at(['right_key'])) }}
    {%- endfor -%}
{%- endmacro %}

{#- Edges that are removed by the hook above, and so have to be written. -#}
{% macro is_edge_looked_at() -%}
    {{ is_looked_at(['left_key']) }}
    or (rule in ('{{ rules_said_outright() | join("', '") }}') and {{ is_looked_at(['right_key']) }})
{%- endmacro %}

{% macro rules_said_outright() -%}
    {{ return(['contact_merged', 'override_always_link', 'proposed_match']) }}
{%- endmacro %}

{#- Remove the customers of groups in which something was looked at, as they were and as they are. -#}
{% macro remove_customers_looked_at() -%}
    {{ remove_stored(
        'where evidence_group in (select evidence_group from ' ~ ref('resolution_scope')
        ~ ' where is_open and evidence_group is not null union all ' ~ groups_partly_looked_at() ~ ')'
    ) }}
{%- endmacro %}

{% macro remove_stored(condition) -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    {{- ' ' ~ condition if is_resolved_before() }}
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}
