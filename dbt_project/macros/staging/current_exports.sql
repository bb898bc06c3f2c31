{#- The last delivery of each unit of a vendor's files; earlier deliveries of a unit are replaced as a whole. -#}
{% macro current_exports(relation) -%}
    select *
    from {{ relation }}
    where (export_unit, export_delivery) in (
        select export_unit, max(export_delivery) from {{ relation }} group by export_unit
    )
{%- endmacro %}

{#- The key of each event of the deliveries that were replaced, with the load that brought it. -#}
{% macro superseded_exports(source_name, event_id) -%}
    {%- set relation = source('raw_' ~ source_name, 'events') -%}
    select
        '{{ source_name }}:' || {{ event_id }} as record_key,
        _load_seq as load_seq,
    from {{ relation }}
    where (export_unit, export_delivery) not in (
        select export_unit, max(export_delivery) from {{ relation }} group by export_unit
    )
{%- endmacro %}
