with

edges as (

    select * from {{ ref('edges') }}
    where {{ is_written_last(ref('edges')) }}

),

identifiers as (

    select
        identifier_number,
        identifier_key,
        trust,
        is_role_mailbox,
    from {{ ref('identifiers') }}
    where is_open

),

numbered as (

    select
        least(left_identifiers.identifier_number, right_identifiers.identifier_number) as left_number,
        greatest(left_identifiers.identifier_number, right_identifiers.identifier_number) as right_number,
        case
            when edges.rule = 'override_always_link' then 0
            when edges.rule = 'proposed_match' then {{ proposal_trust() }}
            else {{ link_trust('greatest(left_identifiers.trust, right_identifiers.trust)') }}
        end as trust,
        edges.load_seq,
        edges.first_seen_at,
        edges.rule in ('contact_merged', 'override_always_link') as is_same_record,
    from edges
    inner join identifiers as left_identifiers on left_identifiers.identifier_key = edges.left_key
    inner join identifiers as right_identifiers on right_identifiers.identifier_key = edges.right_key
    where edges.rule = 'override_always_link'
        or not (left_identifiers.is_role_mailbox or right_identifiers.is_role_mailbox)

)

select
    left_number,
    right_number,
    min(trust) as trust,
    min(load_seq) as load_seq,
    min(first_seen_at) as first_seen_at,
    bool_or(is_same_record) as is_same_record
from numbered
where left_number <> right_number
group by left_number, right_number
