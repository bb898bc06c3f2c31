{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false, meta={'text_compression': 'zstd'}) }}

with

compared as (

    {{ people_to_tell_of() }}

),

changes as (

    select * from compared
    where change is not null

),

-- Why somebody changed is asked of the links around them alone.
by_links as (

    select * from compared
    where not is_by_login
        and (
            customer_id in (select customer_id from changes where change in ('merged', 'moved'))
            or previous_customer_id in (select previous_customer_id from changes where change in ('split', 'moved'))
        )

),

joins as (

    {{ joining_edges('by_links') }}

),

partings as (

    {{ parting_links('by_links') }}

),

told as (

    select
        identifiers.identifier_number,
        changes.change,
        changes.identifier_key,
        changes.customer_id,
        changes.previous_customer_id,
        case
            when changes.change = 'created' then 'seen_in_' || identifiers.entity
            when changes.is_by_login then 'last_login'
            when changes.change = 'split' then coalesce(partings.parting.rule, 'link_is_gone')
            when changes.change = 'removed' then 'row_is_gone'
            else coalesce(joins.rule, partings.parting.rule, 'older_identifier')
        end as rule,
        case
            when changes.change = 'created' then identifiers.record_key
            when changes.is_by_login then devices.record_key
            when changes.change = 'split' then partings.parting.record_key
            when changes.change = 'removed' then null
            else coalesce(joins.record_key, partings.parting.record_key)
        end as evidence,
    from changes
    left join {{ ref('identifiers') }} as identifiers using (identifier_key)
    left join {{ ref('unclaimed_devices') }} as devices using (identifier_key)
    left join joins on joins.customer_id = changes.customer_id
    left join partings
        on partings.previous_customer_id = changes.previous_customer_id
        and partings.customer_id = changes.customer_id
    where {{ as_of() }} >= {{ last_logged_as_of() }}

),

-- What this run has numbered comes first, by age; sorting it again would be dear.
placed as (

    select identifier_number as place, * from told
    where identifier_number is not null
    {%- if is_incremental() %}
    union all
    select
        (select coalesce(max(identifier_number), 0) from {{ ref('identifiers') }}) + row_number() over (order by identifier_key), *,
    from told
    where identifier_number is null
    {%- endif %}

)

select
    ({{ last_change_number() }} + place)::bigint as change_number,
    '{{ run_context("run_id") }}' as run_id,
    {{ as_of() }} as as_of,
    change,
    identifier_key,
    customer_id,
    previous_customer_id,
    rule,
    evidence
from placed
