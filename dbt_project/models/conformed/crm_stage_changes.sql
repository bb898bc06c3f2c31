{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key') }}

with

delivered as (

    {{ new_deliveries('crm_stage_changes') }}

)

select
    delivered.record_key,
    delivered.source,
    {{ best_identifier_key(['contact_id']) }} as identifier_key,
    change_id,
    contact_id,
    stage,
    changed_at,
    changed_by,
    delivered.load_seq,
    {{ first_load_seq('crm_stage_changes') }} as first_load_seq
from delivered
{{ join_first_loads('crm_stage_changes') }}
