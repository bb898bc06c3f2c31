with

edges as (

    select * from {{ ref('edges') }}

),

identifiers as (

    select * from {{ ref('identifiers') }}

)

select
    left_identifiers.identifier_number as left_number,
    right_identifiers.identifier_number as right_number
from edges
inner join identifiers as left_identifiers on left_identifiers.identifier_key = edges.left_key
inner join identifiers as right_identifiers on right_identifiers.identifier_key = edges.right_key
where not left_identifiers.is_role_mailbox
    and not right_identifiers.is_role_mailbox
group by all
