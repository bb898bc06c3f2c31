select identifiers.*
from {{ ref('identifiers') }} as identifiers
inner join {{ ref('evidence_groups') }} as evidence_groups using (identifier_number)
where evidence_groups.is_contested
