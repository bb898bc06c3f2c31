{{ config(materialized='incremental', incremental_strategy='append', full_refresh=false) }}

-- depends_on: {{ ref('resolution_scope') }}

with

present as (

    select
        identifier_key,
        customer_id,
    from {{ ref('customer_identifiers_map') }}
    where {{ may_have_changed() }}

),

logged as (

    select
        identifier_key,
        last_change.customer_id as customer_id,
    from (
        {{ last_logged_changes() }}
    )
    where last_change.change <> 'removed'

),

compared as (

    select
        identifier_key,
        logged.customer_id as previous_customer_id,
        present.customer_id,
    from present
    full outer join logged using (identifier_key)

),

parts as (

    select
        previous_customer_id,
        count(distinct customer_id) as part_count,
    from compared
    where previous_customer_id is not null
    group by previous_customer_id

),

origins as (

    select
        customer_id,
        count(distinct previous_customer_id) as origin_count,
        bool_or(customer_id in (select customer_id from logged)) as is_known,
    from compared
    where customer_id is not null
    group by customer_id

),

changes as (

    select
        compared.*,
        case
            when compared.customer_id is null then 'removed'
            when compared.previous_customer_id is null then 'created'
            when parts.part_count = 1 and origins.origin_count > 1 then 'merged'
            when parts.part_count > 1 and not origins.is_known then 'split'
            else 'moved'
        end as change,
    from compared
    left join parts using (previous_customer_id)
    left join origins on origins.customer_id = compared.customer_id
    where compared.customer_id is distinct from compared.previous_customer_id

),

evidence as (

    {{ joining_edges('compared') }}

)

select
    {{ last_change_number() }} + row_number() over (order by identifier_key) as change_number,
    '{{ run_context("run_id") }}' as run_id,
    {{ as_of() }} as as_of,
    changes.change,
    changes.identifier_key,
    changes.customer_id,
    changes.previous_customer_id,
    case when changes.change = 'merged' then evidence.rule end as rule,
    case when changes.change = 'merged' then evidence.record_key end as evidence
from changes
left join evidence on evidence.customer_id = changes.customer_id
where {{ as_of() }} >= {{ last_logged_as_of() }}
