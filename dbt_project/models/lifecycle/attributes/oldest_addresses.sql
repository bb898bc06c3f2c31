{{ config(materialized='view') }}

with

identifiers as (

    select * from {{ ref('customer_identifiers_map') }}
    where identifier_type in ('email', 'phone')

),

oldest as (

    select
        customer_id,
        identifier_type,
        min({'seen_at': first_seen_at, 'value': identifier_value, 'source': source}) as address,
    from identifiers
    group by customer_id, identifier_type

)

select
    customer_id,
    identifier_type as attribute,
    address.value as value,
    address.source as source
from oldest
