with

crm_reviews as (

    select * from {{ source('raw_files', 'crm_reviews') }}

)

select
    'files:' || review_id as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    review_id,
    contact_id,
    lower(email) as email,
    product_id,
    rating,
    is_public,
    occurred_at
from crm_reviews
