with

reference_kpi_targets as (

    select * from {{ source('raw_files', 'reference_kpi_targets') }}

)

select
    'files:' || kpi || '|' || coalesce(segment, '') || '|' || period_start as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    kpi,
    segment,
    period_start,
    target_value
from reference_kpi_targets
