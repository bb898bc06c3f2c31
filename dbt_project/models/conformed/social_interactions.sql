{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key') }}

with

delivered as (

    {{ new_deliveries('social_interactions') }}

)

select
    delivered.record_key,
    delivered.source,
    {{ best_identifier_key(['email', 'social_handle']) }} as identifier_key,
    interaction_id,
    platform,
    handle,
    email,
    type,
    post_id,
    occurred_at,
    sentiment,
    delivered.load_seq,
    {{ first_load_seq('social_interactions') }} as first_load_seq
from delivered
{{ join_first_loads('social_interactions') }}
