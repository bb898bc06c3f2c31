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

touched as (

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

opened_groups as (

    select evidence_groups.evidence_group
    from evidence_groups
    semi join (select identifier_key from touched where is_structural) as changed using (identifier_key)
    group by all

),

looked_at as (

    select
        identifier_key,
        is_structural as is_open,
    from touched
    where identifier_key is not null
    union all
    select
        evidence_groups.identifier_key,
        true,
    from evidence_groups
    semi join opened_groups using (evidence_group)

)
{% else %}
-- Everything is looked at, whatever is listed here.
looked_at as (

    select
        null::varchar as identifier_key,
        true as is_open,
    where false

)
{% endif %}

select
    identifier_key,
    bool_or(is_open) as is_open
from looked_at
group by identifier_key
