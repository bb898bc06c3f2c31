with

neighbours as (

    select * from {{ ref('neighbours') }} where trust > 1

),

groups as (

    select * from {{ ref('strong_components') }}

),

-- A source counts its own contacts: the same person has one at each of several vendors.
group_types as (

    select groups.component_number, identifiers.identifier_type, identifiers.unique_group
    from groups
    inner join {{ ref('contested_identifiers') }} as identifiers using (identifier_number)
    where identifiers.identifier_type in ({{ strong_identifier_list() }})
    group by all

),

-- Only what stands between several groups can be shared by several people.
shared as (

    select neighbours.identifier_number
    from neighbours
    inner join groups on groups.identifier_number = neighbours.linked_number
    group by all
    having min(groups.component_number) < max(groups.component_number)

),

behind_by_source as (

    select
        neighbours.identifier_number, neighbours.identifier_type, group_types.identifier_type as linked_type,
        count(distinct groups.component_number) as linked_count,
    from neighbours
    semi join shared using (identifier_number)
    inner join groups on groups.identifier_number = neighbours.linked_number
    inner join group_types on group_types.component_number = groups.component_number
    group by neighbours.identifier_number, neighbours.identifier_type, group_types.identifier_type, unique_group

),

people_behind as (

    select identifier_number, identifier_type, coalesce(linked_type, 'any') as linked_type, max(linked_count) as linked_count,
    from behind_by_source
    group by grouping sets ((identifier_number, identifier_type, linked_type), (identifier_number, identifier_type))

),

-- Counting within a period is dear: only those are looked at that have enough values at any time.
frequent as (

    select neighbours.identifier_number, neighbours.linked_type
    from neighbours
    inner join {{ ref('identifier_limits') }} as limits using (identifier_type, linked_type)
    where neighbours.linked_type not in ({{ strong_identifier_list() }})
    group by all
    having count(*) > min(limits.allowed)

),

values_beside as (

    select
        neighbours.identifier_number, neighbours.identifier_type, neighbours.linked_type,
        count(*) over (
            partition by neighbours.identifier_number, neighbours.linked_type
            order by neighbours.first_seen_at
            range between to_days(coalesce(limits.within_days, 100000)) preceding and current row
        ) as linked_count,
    from neighbours
    semi join frequent using (identifier_number, linked_type)
    inner join {{ ref('identifier_limits') }} as limits using (identifier_type, linked_type)

),

counted as (

    select identifier_number, identifier_type, linked_type, linked_count from people_behind where linked_count > 1
    union all
    select identifier_number, identifier_type, linked_type, max(linked_count) from values_beside group by all

)

select counted.identifier_number, counted.linked_type, counted.linked_count,
    limits.allowed, limits.severity, limits.reason
from counted
inner join {{ ref('identifier_limits') }} as limits
    on limits.identifier_type in (counted.identifier_type, 'any')
    and limits.linked_type = counted.linked_type
where counted.linked_count > limits.allowed
