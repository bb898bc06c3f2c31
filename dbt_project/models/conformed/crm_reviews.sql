{{ config(materialized='incremental', incremental_strategy='delete+insert', unique_key='record_key') }}

with

delivered as (

    {{ new_deliveries('crm_reviews') }}

)

select
    delivered.record_key,
    delivered.source,
    {{ best_identifier_key(['contact_id', 'email']) }} as identifier_key,
    review_id,
    contact_id,
    email,
    product_id,
    rating,
    is_public,
    occurred_at,
    delivered.load_seq,
    {{ first_load_seq('crm_reviews') }} as first_load_seq
from delivered
{{ join_first_loads('crm_reviews') }}
