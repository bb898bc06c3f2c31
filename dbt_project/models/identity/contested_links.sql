with

identifiers as (

    select
        identifier_number,
        identifier_type,
    from {{ ref('contested_identifiers') }}

)

select
    row_number() over (
        order by links.load_seq, links.first_seen_at nulls last, links.left_number, links.right_number
    ) as link_number,
    links.left_number,
    links.right_number,
    left_identifiers.identifier_type as left_type,
    right_identifiers.identifier_type as right_type,
    links.trust,
    links.first_seen_at,
    links.is_same_record
from {{ ref('links') }} as links
inner join identifiers as left_identifiers on left_identifiers.identifier_number = links.left_number
inner join identifiers as right_identifiers on right_identifiers.identifier_number = links.right_number
