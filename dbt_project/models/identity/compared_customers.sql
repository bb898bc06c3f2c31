{{ config(meta={'text_compression': 'zstd'}) }}

{%- set is_scope_enough = is_scope_enough() %}

-- depends_on: {{ ref('resolution_scope') }}, {{ ref('resolved_identifiers') }}

with

present as (

    {{ present_customers(is_scope_enough) }}

),

logged as (

    {{ logged_customers(is_scope_enough) }}

),

compared as (

    select
        identifier_key,
        logged.customer_id as previous_customer_id,
        present.customer_id,
        identifier_key in (select identifier_key from {{ ref('unclaimed_devices') }}) as is_by_login,
    from present
    full outer join logged using (identifier_key)
    where {{ is_logged_before() }}

),

-- Of people to whom nothing happened there is nothing to tell.
concerned as (

    select unnest([previous_customer_id, customer_id]) as customer_id
    from compared
    where previous_customer_id is distinct from customer_id

),

-- Whether a customer fell apart or grew together is asked only of those who did change.
changed as (

    select previous_customer_id, customer_id
    from compared
    where previous_customer_id <> customer_id
        and not is_by_login
    group by all

),

parts as (

    select
        previous_customer_id,
        count(distinct customer_id) as part_count,
    from compared
    where previous_customer_id in (select previous_customer_id from changed)
        and not is_by_login
    group by previous_customer_id

),

origins as (

    select
        customer_id,
        count(distinct previous_customer_id) as origin_count,
        bool_or(customer_id in (select customer_id from logged)) as is_known,
    from compared
    where customer_id in (select customer_id from changed)
        and not is_by_login
    group by customer_id

)

select
    compared.identifier_key,
    compared.previous_customer_id,
    compared.customer_id,
    case
        when compared.customer_id is not distinct from compared.previous_customer_id then null
        when compared.customer_id is null then 'removed'
        when compared.previous_customer_id is null then 'created'
        when compared.is_by_login then 'moved'
        when parts.part_count = 1 and origins.origin_count > 1 then 'merged'
        when parts.part_count > 1 and not origins.is_known then 'split'
        else 'moved'
    end as change,
    compared.is_by_login
from compared
left join parts using (previous_customer_id)
left join origins on origins.customer_id = compared.customer_id
where compared.customer_id in (select customer_id from concerned)
    or compared.previous_customer_id in (select customer_id from concerned)
