{#-
    For incremental event models: the deliveries since the model was last built. The watermark is put in as a number,
    so that the scan of raw skips older row groups.
-#}
{% macro new_deliveries(entity) -%}
    {%- do ref('replaced_loads') if replacing_sources(entity) -%}
    {%- set age = 'coalesce(unit_load_seq, load_seq)' if replacing_sources(entity) else 'load_seq' -%}
    {%- if is_incremental() -%}
        {%- set is_new = "(load_seq > " ~ watermark(this) ~ " or " ~ is_read_anew(entity) ~ ")" -%}
        {{ latest_delivery(staged(entity), is_new, age) }}
    {%- else -%}
        {{ latest_delivery(staged(entity), age=age) }}
    {%- endif -%}
{%- endmacro %}

{#- The last load that `relation` has seen. -#}
{% macro watermark(relation) -%}
    {%- if execute -%}
        {{- run_query("select coalesce(max(load_seq), -1) from " ~ relation).rows[0][0] -}}
    {%- else -%}
        {{- -1 -}}
    {%- endif -%}
{%- endmacro %}

{#- The load a record was first delivered with, also when an earlier build has already stored an earlier delivery. -#}
{% macro first_load_seq() -%}
    {%- if is_incremental() -%}
    least(delivered.first_load_seq, stored.first_load_seq)
    {%- else -%}
    delivered.first_load_seq
    {%- endif -%}
{%- endmacro %}

{#- The join that `first_load_seq` needs. Of what was replaced, staging knows the age. -#}
{% macro join_stored(entity) -%}
    {%- if is_incremental() %}
    left join (
        select
            record_key,
            first_load_seq,
        from {{ this }}
        {%- if replacing_sources(entity) %}
        where (source, first_load_seq) not in ({{ replaced_loads(this) }})
        {%- endif %}
    ) as stored on stored.record_key = delivered.record_key
    {%- endif -%}
{%- endmacro %}
