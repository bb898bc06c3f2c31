{#-
    The last delivery of each unit of a vendor's files; earlier deliveries of a unit are replaced as a whole. An event is
    as old as its unit: `unit_load_seq` is the load that brought the unit first, which a delivery that completes or
    corrects it does not change.
-#}
{% macro current_exports(relation) -%}
    select
        events.*,
        units.unit_load_seq,
    from {{ relation }} as events
    inner join (
        select
            export_unit,
            max(export_delivery) as export_delivery,
            min(_load_seq) as unit_load_seq,
        from {{ relation }}
        group by export_unit
    ) as units using (export_unit, export_delivery)
{%- endmacro %}
