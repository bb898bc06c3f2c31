{{ config(materialized='view') }}

with

breaches as (

    select * from {{ ref('strong_breaches') }}
    union all
    select * from {{ ref('weak_breaches') }}

)

select
    identifier_number,
    linked_type,
    linked_type in ('any', {{ strong_identifier_list() }}) as is_isolated
from breaches
where severity in ('quarantine', 'stop')
group by all
