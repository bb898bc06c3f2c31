{#-
    For incremental event models: the deliveries since the model was last built. The watermark is put in as a number,
    so that the scan of raw skips older row groups.
-#}
{% macro new_deliveries(entity) -%}
    {%- do ref('replaced_loads') if replacing_sources(entity) -%}
    {%- if is_incremental() -%}
        {%- set is_new = "(load_seq > " ~ watermark(this) ~ " or " ~ is_reprocessed(entity) ~ ")" -%}
        {{ latest_delivery(staged(entity), is_new) }}
    {%- else -%}
        {{ latest_delivery(staged(entity)) }}
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

{#-
    The load a record was first delivered with, also when an earlier build has stored an earlier delivery, or a vendor has
    replaced the file of that delivery.
-#}
{% macro first_load_seq(entity) -%}
    least(
        delivered.first_load_seq
        {{- ', stored.first_load_seq' if is_incremental() }}
        {{- ', superseded.first_load_seq' if replacing_sources(entity) }}
    )
{%- endmacro %}

{#- The joins that `first_load_seq` needs. -#}
{% macro join_first_loads(entity) -%}
    {%- if is_incremental() %}
    left join (select record_key, first_load_seq from {{ this }}) as stored
        on stored.record_key = delivered.record_key
    {%- endif %}
    {%- if replacing_sources(entity) %}
    left join (
        select
            record_key,
            min(load_seq) as first_load_seq,
        from {{ ref('superseded_events') }}
        where record_key in (select record_key from delivered)
        group by record_key
    ) as superseded on superseded.record_key = delivered.record_key
    {%- endif -%}
{%- endmacro %}
