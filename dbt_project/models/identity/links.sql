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
        left_identifiers.identifier_number < right_identifiers.identifier_number as is_in_order,
        left_identifiers.identifier_type as first_type,
        right_identifiers.identifier_type as second_type,
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
        any_value(case when is_in_order then first_type else second_type end) as left_type,
        any_value(case when is_in_order then second_type else first_type end) as right_type,
        min(trust) as trust,
        min(load_seq) as load_seq,
        min(first_seen_at) as first_seen_at,
        bool_or(rule in ('contact_merged', 'override_always_link')) as is_same_record,
    from numbered
    where left_number <> right_number
    group by left_number, right_number

)

select
    row_number() over (order by load_seq, first_seen_at nulls last, left_number, right_number) as link_number,
    left_number,
    right_number,
    left_type,
    right_type,
    trust,
    first_seen_at,
    is_same_record
from links
