with

links as (

    select * from {{ ref('contested_links') }}

),

neighbours as (

    select * from {{ ref('neighbours') }}

),

quarantined as (

    select * from {{ ref('quarantined_identifiers') }}

),

refused_links as (

    select neighbours.link_number
    from neighbours
    inner join quarantined
        on quarantined.identifier_number = neighbours.identifier_number
        and (quarantined.is_isolated or quarantined.linked_type = neighbours.linked_type)
    group by all

)

select links.*
from links
left join refused_links using (link_number)
where refused_links.link_number is null
    or links.trust = 0
    or links.is_same_record
