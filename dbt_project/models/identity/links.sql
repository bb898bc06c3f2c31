with

edges as (

    select * from {{ ref('edges') }}

),

identifiers as (

    select * from {{ ref('identifiers') }}
    where is_open

),

numbered as (

    select
        least(left_identifiers.identifier_number, right_identifiers.identifier_number) as left_number,
        greatest(left_identifiers.identifier_number, right_identifiers.identifier_number) as right_number,
        case
            when edges.rule = 'override_always_link' then 0
            when edges.rule = 'proposed_match' then {{ proposal_trust() }}
            else greatest(
                {{ link_trust('left_identifiers.identifier_type') }}, {{ link_trust('right_identifiers.identifier_type') }}
            )
        end as trust,
        edges.load_seq,
        edges.first_seen_at,
        edges.rule,
    from edges
    inner join identifiers as left_identifiers on left_identifiers.identifier_key = edges.left_key
    inner join identifiers as right_identifiers on right_identifiers.identifier_key = edges.right_key
    where edges.rule = 'override_always_link'
        or not (left_identifiers.is_role_mailbox or right_identifiers.is_role_mailbox)

),

links as (

    select
        left_number,
        right_number,
        min(trust) as trust,
        min(load_seq) as load_seq,
        min(first_seen_at) as first_seen_at,
        bool_or(rule in ('contact_merged', 'override_always_link')) as is_same_record,
    from numbered
    where left_number <> right_number
    group by left_number, right_number

)

select
    row_number() over (
        order by links.load_seq, links.first_seen_at nulls last, left_number, right_number
    ) as link_number,
    left_number,
    right_number,
    left_identifiers.identifier_type as left_type,
    right_identifiers.identifier_type as right_type,
    links.trust,
    links.first_seen_at,
    is_same_record
from links
inner join identifiers as left_identifiers on left_identifiers.identifier_number = links.left_number
inner join identifiers as right_identifiers on right_identifiers.identifier_number = links.right_number
