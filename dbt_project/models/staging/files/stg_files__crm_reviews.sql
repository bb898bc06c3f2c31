with

crm_reviews as (

    select * from {{ source('raw_files', 'crm_reviews') }}

)

select
    'files:' || trim(review_id) as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(review_id), '') as review_id,
    nullif(trim(contact_id), '') as contact_id,
    nullif(lower(trim(email)), '') as email,
    nullif(trim(product_id), '') as product_id,
    rating,
    is_public,
    occurred_at
from crm_reviews
