{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='record_key',
    pre_hook="{{ remove_withdrawn_events('email_events') }}",
) }}

with

delivered as (

    {{ new_deliveries('email_events') }}

)

select
    delivered.record_key,
    delivered.source,
    {{ best_identifier_key(['email']) }} as identifier_key,
    event_id,
    email,
    campaign_id,
    type,
    occurred_at,
    url,
    is_machine,
    user_agent,
    delivered.load_seq,
    {{ first_load_seq('email_events') }} as first_load_seq
from delivered
{{ join_first_loads('email_events') }}
