{#- What `identity.log` remembers of earlier runs. On the very first run it remembers nothing. -#}

{#- Whether there is a log to compare with. The first one tells that everybody was created, which needs no comparing. -#}
{% macro is_logged_before() -%}
    {{ return(left_by_last_run('log', is_chronicle=true) is not none) }}
{%- endmacro %}

{#- What the log has to tell: at first of everybody the creation, later what comparing shows. -#}
{% macro people_to_tell_of() -%}
    -- depends_on: {{ ref('compared_customers') }}, {{ ref('customer_identifiers_map') }}

    {%- if is_incremental() %}
    select * from {{ ref('compared_customers') }}
    {%- else %}
    select
        identifier_key,
        null::varchar as previous_customer_id,
        customer_id,
        'created' as change,
        false as is_by_login,
    from {{ ref('customer_identifiers_map') }}
    {%- endif %}
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

{#- Per customer of `compared` the youngest edge that joins what was apart in the log; none before there is a log. -#}
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
        {{- '' if is_incremental() else ' and false' }}
    group by left_ends.customer_id
{%- endmacro %}
