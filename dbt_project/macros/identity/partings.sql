{#- What `identity.log` tells of people who were one customer and are several. -#}

{#- Decisions and links that keep identifiers apart, each from both its ends. -#}
{% macro reasons_to_part() -%}
    {%- for ends in ['left_key, right_key', 'right_key as left_key, left_key as right_key'] %}
    select {{ ends }}, 0 as priority, 0 as trust, 'override_never_link' as rule, record_key
    from {{ ref('overrides') }}
    anti join {{ ref('refused_overrides') }} as refused_overrides using (override_id)
    where action = 'never_link'
    union all
    select {{ ends }}, 1 as priority, trust, reason, null
    from {{ ref('link_decisions') }}
    where not is_kept
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}

{#-
    Per former customer of `compared` and customer that parted from it, what keeps them apart: the decision of a person,
    else the most trusted link that is no longer believed, with the row that shows it. An edge may begin at either end.
    Nobody has parted before there is a log.
-#}
{% macro parting_links(compared) -%}
    with

    parted_pairs as (

        select
            parted.previous_customer_id,
            parted.customer_id,
            reasons.left_key,
            reasons.right_key,
            reasons.priority,
            reasons.trust,
            reasons.rule,
            reasons.record_key,
        from ({{ reasons_to_part() }}) as reasons
        inner join {{ compared }} as parted on parted.identifier_key = reasons.left_key
        inner join {{ compared }} as rest on rest.identifier_key = reasons.right_key
        where parted.previous_customer_id = rest.previous_customer_id
            and parted.customer_id <> rest.customer_id
            {{- '' if is_incremental() else ' and false' }}

    ),

    evidence as (

        {%- for left, right in [('left_key', 'right_key'), ('right_key', 'left_key')] %}
        select parted_pairs.left_key, parted_pairs.right_key, edges.record_key
        from {{ ref('edges') }} as edges
        inner join parted_pairs
            on parted_pairs.left_key = edges.{{ left }}
            and parted_pairs.right_key = edges.{{ right }}
        where edges.{{ left }} in (select left_key from parted_pairs)
        {{- " union all" if not loop.last }}
        {%- endfor %}

    )

    select
        parted_pairs.previous_customer_id,
        parted_pairs.customer_id,
        min({
            'order': parted_pairs.priority,
            'trust': parted_pairs.trust,
            'rule': parted_pairs.rule,
            'record_key': coalesce(parted_pairs.record_key, evidence.record_key)
        }) as parting,
    from parted_pairs
    left join evidence using (left_key, right_key)
    group by parted_pairs.previous_customer_id, parted_pairs.customer_id
{%- endmacro %}
