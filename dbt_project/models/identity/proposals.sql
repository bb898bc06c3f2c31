with

matches as (

    select * from {{ ref('contact_matches') }}

),

customers as not materialized (

    select
        identifier_key,
        customer_id,
    from {{ ref('customer_identifiers_map') }}

),

decisions as (

    {% for ends in ['left_key, right_key', 'right_key as left_key, left_key as right_key'] %}
    select
        {{ ends }},
        action,
        override_id,
        created_at,
    from {{ ref('overrides') }}
    anti join {{ ref('refused_overrides') }} as refused_overrides using (override_id)
    {% if not loop.last %}union{% endif %}
    {% endfor %}

),

last_decisions as (

    select
        left_key,
        right_key,
        max_by(action, {'at': created_at, 'override_id': override_id}) as action,
    from decisions
    where left_key is not null
        and right_key is not null
    group by left_key, right_key

),

cut_links as (

    select
        left_key,
        right_key,
        reason,
    from {{ ref('link_decisions') }}
    where not is_kept
        and left_key in (select unnest([left_key, right_key]) from matches)

),

proposals as (

    select
        matches.*,
        left_customers.customer_id as left_customer_id,
        right_customers.customer_id as right_customer_id,
        case
            when last_decisions.action = 'always_link' then 'accepted'
            when last_decisions.action = 'never_link' then 'rejected'
            when left_customer_id <> right_customer_id then 'waiting'
            when matches.is_automatic then 'linked'
        end as status,
        coalesce(cut_links.reason, turned.reason) as not_linked_because,
    from matches
    inner join customers as left_customers on left_customers.identifier_key = matches.left_key
    inner join customers as right_customers on right_customers.identifier_key = matches.right_key
    left join last_decisions
        on last_decisions.left_key = matches.left_key and last_decisions.right_key = matches.right_key
    left join cut_links on cut_links.left_key = matches.left_key and cut_links.right_key = matches.right_key
    left join cut_links as turned on turned.left_key = matches.right_key and turned.right_key = matches.left_key

)

select
    proposal_id,
    left_key,
    right_key,
    left_customer_id,
    right_customer_id,
    match_probability,
    match_weight,
    contributions,
    model_version,
    status,
    not_linked_because
from proposals
where status is not null
