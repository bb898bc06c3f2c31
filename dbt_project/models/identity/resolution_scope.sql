-- depends_on: {{ ref('changed_inputs') }}

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

touched as (

    select
        identifier_key,
        bool_or(is_structural) as is_open,
    from named
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

    select
        identifier_key,
        null::ubigint as evidence_group,
        is_open,
    from touched
    union all
    select * from known
    where not is_open
    union all
    select
        identifier_key,
        evidence_group,
        true,
    from evidence_groups
    where evidence_group in (select evidence_group from known where is_open)

)
{% else %}
-- Everything is looked at, whatever is listed here.
looked_at as (

    select
        null::varchar as identifier_key,
        null::ubigint as evidence_group,
        true as is_open,
    where false

)
{% endif %}

select
    identifier_key,
    any_value(evidence_group) as evidence_group,
    bool_or(is_open) as is_open
from looked_at
group by identifier_key
