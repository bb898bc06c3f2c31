with

neighbours as (

    select * from {{ ref('neighbours') }}
    where trust = 1

),

groups as (

    select * from {{ ref('contact_groups') }}

),

limits as (

    select * from {{ ref('identifier_limits') }}

),

-- Only what stands between several groups can belong to several people.
shared as (

    select neighbours.identifier_number
    from neighbours
    inner join groups on groups.identifier_number = neighbours.linked_number
    group by all
    having min(groups.component_number) < max(groups.component_number)

),

counted as (

    select
        neighbours.identifier_number,
        neighbours.identifier_type,
        coalesce(neighbours.linked_type, 'any') as linked_type,
        count(distinct groups.component_number) as linked_count,
    from neighbours
    semi join shared using (identifier_number)
    inner join groups on groups.identifier_number = neighbours.linked_number
    group by grouping sets (
        (neighbours.identifier_number, neighbours.identifier_type, neighbours.linked_type),
        (neighbours.identifier_number, neighbours.identifier_type)
    )

)

select
    counted.identifier_number,
    counted.linked_type,
    counted.linked_count,
    limits.allowed,
    limits.severity,
    limits.reason
from counted
inner join limits
    on limits.identifier_type in (counted.identifier_type, 'any')
    and limits.linked_type = counted.linked_type
where counted.linked_count > limits.allowed
