{{ config(materialized='view') }}

select admitted_links.*
from {{ ref('admitted_links') }} as admitted_links
anti join {{ ref('cut_links') }} as cut_links using (link_number)
