{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key') }}

with

delivered as (

    {{ new_deliveries('crm_loyalty_events') }}

)

select
    delivered.record_key,
    delivered.source,
    {{ best_identifier_key(['contact_id', 'loyalty_id', 'email']) }} as identifier_key,
    event_id,
    loyalty_id,
    contact_id,
    email,
    type,
    points,
    occurred_at,
    delivered.load_seq,
    {{ first_load_seq('crm_loyalty_events') }} as first_load_seq
from delivered
{{ join_first_loads('crm_loyalty_events') }}
