{{ config(materialized='view') }}

with

links as (

    select * from {{ ref('contested_links') }}

)

select
    link_number,
    left_number as identifier_number,
    left_type as identifier_type,
    right_number as linked_number,
    right_type as linked_type,
    trust,
    first_seen_at
from links
union all
select
    link_number,
    right_number,
    right_type,
    left_number,
    left_type,
    trust,
    first_seen_at
from links
