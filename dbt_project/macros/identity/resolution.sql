{#-
    What the last completed resolution left behind, and how the next one finds what it has to look at again.

    Who an identifier belongs to depends on nothing but its evidence group: all identifiers that any links join, believed
    or not. So only the groups that a changed row touches are resolved again; everything else stays as it is stored. The
    state is written by the last model of the layer. A build that dies before it has changed some of the tables already:
    the next one finds the mark it left and resolves everything anew.
-#}

{#-
    A table of this layer as the last run left it, or none when there is none or everything is to be built anew; a
    chronicle outlasts that.
-#}
{% macro left_by_last_run(name, is_chronicle=false) -%}
    {%- if execute and (is_chronicle or not flags.FULL_REFRESH) -%}
        {{ return(adapter.get_relation(database=this.database, schema=this.schema, identifier=name)) }}
    {%- endif -%}
    {{ return(none) }}
{%- endmacro %}

{#- Whether there is a completed resolution to start from: its state and every table that goes with it. -#}
{% macro is_resolved_before() -%}
    {%- set stored = [
        'edges', 'resolved_identifiers', 'link_decisions', 'violations', 'customers', 'log', 'resolutions', 'resolved_inputs'
    ] -%}
    {%- set missing = [] -%}
    {%- for name in stored if left_by_last_run(name) is none %}{% do missing.append(name) %}{% endfor -%}
    {{ return(missing | length == 0) }}
{%- endmacro %}

{#- Columns of `resolution_inputs` with the identifiers a row names: as many as there are types, some or most null. -#}
{% macro input_keys() -%}
    {%- for _ in identifier_types() %}key_{{ loop.index }}{{ ', ' if not loop.last }}{% endfor -%}
{%- endmacro %}

{#- Fingerprints of these, as the inputs of a resolution are stored; null where there is no identifier. -#}
{% macro input_hashes() -%}
    [
        {%- for _ in identifier_types() -%}
        case when key_{{ loop.index }} is not null then hash(key_{{ loop.index }}) end{{ ', ' if not loop.last }}
        {%- endfor -%}
    ]
{%- endmacro %}

{#- Inputs of the last completed resolution. -#}
{% macro resolved_inputs() -%}
    {%- if is_resolved_before() -%}
    select identifier_hashes, structure_hash, content_hash from {{ left_by_last_run('resolved_inputs') }}
    {%- else -%}
    select null::ubigint[] as identifier_hashes, 0::ubigint as structure_hash, 0::ubigint as content_hash where false
    {%- endif -%}
{%- endmacro %}

{#- Evidence group and customer of every identifier after the last completed resolution. -#}
{% macro stored_evidence_groups() -%}
    {%- if is_resolved_before() -%}
    select identifier_key, evidence_group, customer_id from {{ left_by_last_run('resolved_identifiers') }}
    {%- else -%}
    select null::varchar as identifier_key, 0::ubigint as evidence_group, null::varchar as customer_id where false
    {%- endif -%}
{%- endmacro %}

{#- Devices that belonged, after it, to whoever logged in on them last, with this customer. -#}
{% macro stored_devices() -%}
    {%- if is_resolved_before() and left_by_last_run('unclaimed_devices') is not none -%}
    select identifier_key, customer_id from {{ left_by_last_run('unclaimed_devices') }}
    {%- else -%}
    select null::varchar as identifier_key, null::varchar as customer_id where false
    {%- endif -%}
{%- endmacro %}

{#- Before the inputs of this run are stored: remove those that are no longer delivered. -#}
{% macro forget_changed_inputs() -%}
    {%- if is_incremental() -%}
    delete from {{ this }}
    where content_hash in (select content_hash from {{ ref('changed_inputs') }})
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}

{% macro last_resolution_number() -%}
    {%- if is_incremental() -%} (select coalesce(max(resolution_number), 0) from {{ this }}) {%- else -%} 0 {%- endif -%}
{%- endmacro %}
