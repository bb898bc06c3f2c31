{{ config(materialized='view') }}

with

deliveries as (

    select
        source,
        load_seq,
        max(load_seq) over (partition by source, export_unit) as replaced_by,
    from {{ ref('stg_exports__deliveries') }}

)

select
    source,
    load_seq,
    max(replaced_by) as replaced_by,
from deliveries
where load_seq < replaced_by
group by source, load_seq
