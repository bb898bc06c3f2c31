select
    touchpoints.touchpoint,
    count(*) as touchpoint_count,
from {{ ref('touchpoints') }} as touchpoints
anti join {{ ref('touchpoint_types') }} as touchpoint_types on touchpoint_types.touchpoint = touchpoints.touchpoint
group by touchpoints.touchpoint
