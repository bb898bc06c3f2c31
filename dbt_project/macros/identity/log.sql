{#- What `identity.log` remembers of earlier runs. On the very first run it remembers nothing. -#}

{#- The last change of each identifier that is in the log. -#}
{% macro last_logged_changes() -%}
    {%- set log = left_by_last_run('log', is_chronicle=true) -%}
    {%- if log is not none -%}
    select
        identifier_key,
        max_by({'change': change, 'customer_id': customer_id}, change_number) as last_change,
    from {{ log }}
    where {{ may_have_changed() }}
    group by identifier_key
    {%- else -%}
    select
        null::varchar as identifier_key,
        {'change': null::varchar, 'customer_id': null::varchar} as last_change,
    where false
    {%- endif -%}
{%- endmacro %}

{#-
    Only what was resolved again can have changed; but when the last resolution looked at an earlier day than the log's
    last one, it wrote no history, and everything is compared.
-#}
{% macro may_have_changed() -%}
    {%- set log, resolutions = left_by_last_run('log'), left_by_last_run('resolutions') -%}
    {%- if log is none or resolutions is none -%}
    true
    {%- else -%}
    (
        identifier_key in ({{ open_identifiers() }})
        or (select max_by(as_of, resolution_number) from {{ resolutions }}) < (select max(as_of) from {{ log }})
    )
    {%- endif -%}
{%- endmacro %}

{% macro last_change_number() -%}
    {%- if is_incremental() -%} (select coalesce(max(change_number), 0) from {{ this }}) {%- else -%} 0 {%- endif -%}
{%- endmacro %}

{#- A look at a day before this one writes no history: what was decided later would be told in the wrong order. -#}
{% macro last_logged_as_of() -%}
    {%- if is_incremental() -%}
    (select coalesce(max(as_of), date '1000-01-01') from {{ this }})
    {%- else -%}
    date '1000-01-01'
    {%- endif -%}
{%- endmacro %}

{#- Per customer of `compared` the youngest edge that joins what was apart in the log. -#}
{% macro joining_edges(compared) -%}
    select
        left_ends.customer_id,
        max_by(edges.rule, {'seen': edges.load_seq, 'record': edges.record_key, 'rule': edges.rule}) as rule,
        max_by(edges.record_key, {'seen': edges.load_seq, 'record': edges.record_key, 'rule': edges.rule}) as record_key,
    from {{ ref('edges') }} as edges
    inner join {{ compared }} as left_ends on left_ends.identifier_key = edges.left_key
    inner join {{ compared }} as right_ends on right_ends.identifier_key = edges.right_key
    where left_ends.customer_id = right_ends.customer_id
        and left_ends.previous_customer_id is distinct from right_ends.previous_customer_id
    group by left_ends.customer_id
{%- endmacro %}

{#-
    Per former customer of `compared` and customer that parted from it, what keeps them apart: the decision of a person,
    else the most trusted link that is no longer believed, with the row that shows it.
-#}
{% macro parting_links(compared) -%}
    select
        parted.previous_customer_id,
        parted.customer_id,
        min({'order': reasons.priority, 'trust': trust, 'rule': reasons.rule, 'record_key': coalesce(
            reasons.record_key, edges.record_key
        )}) as parting,
    from (
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
    ) as reasons
    inner join {{ compared }} as parted on parted.identifier_key = reasons.left_key
    inner join {{ compared }} as rest on rest.identifier_key = reasons.right_key
    left join {{ ref('edges') }} as edges
        on least(edges.left_key, edges.right_key) = least(reasons.left_key, reasons.right_key)
        and greatest(edges.left_key, edges.right_key) = greatest(reasons.left_key, reasons.right_key)
    where parted.previous_customer_id = rest.previous_customer_id
        and parted.customer_id <> rest.customer_id
    group by parted.previous_customer_id, parted.customer_id
{%- endmacro %}
