with

crm_order_lines as (

    select * from {{ source('raw_files', 'crm_order_lines') }}

)

select
    'files:' || order_id || '|' || line_number as record_key,
    'files' as source,
    _load_seq as load_seq,
    _row_number as row_number,
    order_id,
    line_number,
    product_id,
    product_name,
    category,
    quantity,
    unit_price,
    net_amount
from crm_order_lines
