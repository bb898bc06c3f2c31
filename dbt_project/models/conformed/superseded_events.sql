{{ config(materialized='view') }}

select
    record_key,
    load_seq,
from {{ ref('stg_exports__superseded_events') }}
group by record_key, load_seq
