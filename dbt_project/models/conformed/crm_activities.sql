{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key') }}

with

delivered as (

    {{ new_deliveries('crm_activities') }}

)

select
    delivered.record_key,
    delivered.source,
    {{ best_identifier_key(['contact_id']) }} as identifier_key,
    activity_id,
    contact_id,
    type,
    occurred_at,
    direction,
    outcome,
    campaign,
    delivered.load_seq,
    {{ first_load_seq('crm_activities') }} as first_load_seq
from delivered
{{ join_first_loads('crm_activities') }}
