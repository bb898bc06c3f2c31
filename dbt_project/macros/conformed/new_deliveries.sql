{#-
    For incremental event models: the deliveries since the model was last built. The watermark is put in as a number,
    so that the scan of raw skips older row groups.
-#}
{% macro new_deliveries(relations) -%}
    {%- if is_incremental() -%}
        {{ one_row_per_record(relations, "load_seq desc, row_number desc", "load_seq > " ~ watermark(this)) }}
    {%- else -%}
        {{ latest_delivery(relations) }}
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

{#- The join that `first_load_seq` needs. -#}
{% macro join_stored() -%}
    {%- if is_incremental() -%}
    left join (select record_key, first_load_seq from {{ this }}) as stored
        on stored.record_key = delivered.record_key
    {%- endif -%}
{%- endmacro %}
