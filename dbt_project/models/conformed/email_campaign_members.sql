{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key') }}

with

delivered as (

    {{ new_deliveries('email_campaign_members') }}

)

select
    delivered.record_key,
    delivered.source,
    {{ best_identifier_key(['contact_id', 'email']) }} as identifier_key,
    campaign_id,
    email,
    contact_id,
    "group",
    assigned_at,
    delivered.load_seq,
    {{ first_load_seq('email_campaign_members') }} as first_load_seq
from delivered
{{ join_first_loads('email_campaign_members') }}
