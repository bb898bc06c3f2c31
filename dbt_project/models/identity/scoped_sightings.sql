with

scope as (

    select identifier_key from {{ ref('resolution_scope') }}

)

select sightings.*
from {{ ref('sightings') }} as sightings
where false
    {%- for identifier_type in identifier_types() %}
    or {{ identifier_type }}_key in (select identifier_key from scope)
    {%- endfor %}
