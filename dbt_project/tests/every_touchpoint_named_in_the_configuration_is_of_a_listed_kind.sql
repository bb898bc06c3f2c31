with

named as (

    select unnest([
        {{ text_list(var('attribution_touchpoints') + var('web_page_touchpoints') + var('web_key_touchpoints')) }}
    ]) as touchpoint

)

select touchpoint
from named
anti join {{ ref('touchpoint_types') }} as touchpoint_types using (touchpoint)
