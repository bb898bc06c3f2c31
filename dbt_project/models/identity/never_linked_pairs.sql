{{ config(materialized='view') }}

select
    left_identifiers.identifier_number as left_number,
    right_identifiers.identifier_number as right_number
from {{ ref('overrides') }} as overrides
anti join {{ ref('refused_overrides') }} as refused_overrides using (override_id)
inner join {{ ref('identifiers') }} as left_identifiers on left_identifiers.identifier_key = overrides.left_key
inner join {{ ref('identifiers') }} as right_identifiers on right_identifiers.identifier_key = overrides.right_key
where left_identifiers.is_open
    and right_identifiers.is_open
    and overrides.action = 'never_link'
    and overrides.left_key <> overrides.right_key
group by all
order by all
