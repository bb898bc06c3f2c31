{{ config(materialized='view') }}

select links.*
from {{ ref('contested_links') }} as links
where links.trust <= 1
    and (
        links.trust = 0
        or links.is_same_record
        or not exists (
            select 1
            from {{ ref('strong_breaches') }} as breaches
            where breaches.severity in ('quarantine', 'stop')
                and breaches.identifier_number in (links.left_number, links.right_number)
        )
    )
