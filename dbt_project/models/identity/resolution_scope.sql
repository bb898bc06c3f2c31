-- depends_on: {{ ref('changed_inputs') }}, {{ ref('overrides') }}

with

{% if is_resolved_before() %}
evidence_groups as not materialized (

    {{ stored_evidence_groups() }}

),

gone as (

    select
        unnest(identifier_hashes) as identifier_hash,
        is_structural,
    from {{ ref('changed_inputs') }}
    where not is_present

),

named as (

    select
        unnest(identifier_keys) as identifier_key,
        is_structural,
    from {{ ref('changed_inputs') }}
    where is_present
    union all
    select
        evidence_groups.identifier_key,
        gone.is_structural,
    from evidence_groups
    inner join gone on gone.identifier_hash = hash(evidence_groups.identifier_key)

),

promised as (

    {{ ends_promised() }}

),

touched as (

    select
        identifier_key,
        bool_or(is_structural) as is_open,
    from (from named union all from promised)
    where identifier_key is not null
    group by identifier_key

),

known as (

    select
        evidence_groups.identifier_key,
        evidence_groups.evidence_group,
        touched.is_open,
    from evidence_groups
    inner join touched using (identifier_key)

),

looked_at as (

    select * from touched
    anti join known using (identifier_key)
    union all by name
    select * from known
    where evidence_group not in (select evidence_group from known where is_open)
    union all by name
    select *, true as is_open from evidence_groups
    where evidence_group in (select evidence_group from known where is_open)

)
{% else %}
-- Everything is looked at, whatever is listed here.
looked_at as (

    select
        null::varchar as identifier_key,
        null::ubigint as evidence_group,
        null::varchar as customer_id,
        true as is_open,
    where false

)
{% endif %}

select
    looked_at.identifier_key,
    looked_at.evidence_group,
    coalesce(devices.customer_id, looked_at.customer_id) as former_customer_id,
    looked_at.is_open
from looked_at
left join ({{ stored_devices() }}) as devices using (identifier_key)
