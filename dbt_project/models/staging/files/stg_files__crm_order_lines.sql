with

crm_order_lines as (

    select * from {{ source('raw_files', 'crm_order_lines') }}

)

select
    'files:' || trim(order_id) || '|' || line_number as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    nullif(trim(order_id), '') as order_id,
    line_number,
    nullif(trim(product_id), '') as product_id,
    nullif(trim(product_name), '') as product_name,
    nullif(trim(category), '') as category,
    quantity,
    unit_price,
    net_amount
from crm_order_lines
