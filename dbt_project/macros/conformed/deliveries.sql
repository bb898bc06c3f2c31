{#-
    Which delivered row of a key counts. The same record can be delivered many times (a corrected file, a nightly full
    export, a file sent twice); raw keeps every row, conformed keeps one per record_key.

    Only keys that really were delivered more than once are ranked: a window over all columns of all rows would sort
    the whole warehouse for the sake of a few duplicates. `hash` narrows the keys down, the ranking itself is exact.

    Every resolved row carries `first_load_seq`, the load its key was first delivered with: the age of a record, which
    a later delivery must not change.
-#}

{#- The rows of all sources' staging models of one entity. -#}
{% macro deliveries(relations, condition='true') -%}
    {%- for relation in relations %}
    select * from {{ relation }} where {{ condition }}
    {%- if not loop.last %} union all by name {% endif %}
    {%- endfor %}
{%- endmacro %}

{#- One row per record_key, the first by `order_by`. -#}
{% macro one_row_per_record(relations, order_by, condition='true') -%}
    with

    repeated_records as (

        select hash(record_key) as record_hash
        from ({{ deliveries(relations, condition) }})
        group by 1
        having count(*) > 1

    ),

    ranked as (

        select
            delivered.*,
            min(load_seq) over (partition by record_key) as first_load_seq,
            row_number() over (partition by record_key order by {{ order_by }}) as delivery_rank,
        from ({{ deliveries(relations, condition) }}) as delivered
        semi join repeated_records on repeated_records.record_hash = hash(delivered.record_key)

    )

    select
        delivered.*,
        load_seq as first_load_seq,
    from ({{ deliveries(relations, condition) }}) as delivered
    anti join repeated_records on repeated_records.record_hash = hash(delivered.record_key)
    union all by name
    select * exclude (delivery_rank) from ranked where delivery_rank = 1
{%- endmacro %}

{#- The last delivered row of each key: for entities without versions. -#}
{% macro latest_delivery(relations, condition='true') -%}
    {{ one_row_per_record(relations, "load_seq desc, row_number desc", condition) }}
{%- endmacro %}

{#-
    The version of each record that was in force at the end of as_of: the newest one dated before it, and for a record
    whose versions all are younger the earliest one, because its key was already known. Equal dates: the later
    delivery wins. A version is dated by `updated_at`, without one by the record's clock; without either it counts as
    always known.
-#}
{% macro version_as_of(relations, clock='null', updated_at='updated_at', condition='true') -%}
    {%- set version_at = "coalesce(" ~ updated_at ~ ", " ~ clock ~ ", timestamp '1000-01-01')" -%}
    {%- set is_known = version_at ~ " < " ~ as_of_end() -%}
    {{ one_row_per_record(
        relations,
        is_known ~ " desc, case when " ~ is_known ~ " then " ~ version_at ~ " end desc, "
        ~ version_at ~ " asc, load_seq desc, row_number desc",
        condition
    ) }}
{%- endmacro %}

{#- A time that is not known before it has come. -#}
{% macro known_by_as_of(timestamp_column) -%}
    case when {{ timestamp_column }} < {{ as_of_end() }} then {{ timestamp_column }} end
{%- endmacro %}
