select
    touchpoint,
    row_number() over (order by touchpoint)::utinyint as touchpoint_number,
    is_by_person,
from {{ ref('touchpoint_types') }}
