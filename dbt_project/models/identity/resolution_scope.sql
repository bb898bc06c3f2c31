with

touched as (

    select
        unnest(identifier_keys) as identifier_key,
        is_structural,
    from {{ ref('changed_inputs') }}

),

evidence_groups as (

    {{ stored_evidence_groups() }}

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

select
    identifier_key,
    bool_or(is_open) as is_open
from looked_at
group by identifier_key
