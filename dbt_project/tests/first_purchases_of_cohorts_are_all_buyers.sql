select cohorts.*
from (
    select sum(cohort_size) as buyer_count
    from {{ ref('kpi_cohort_retention') }}
    where months_since_first_order = 0
) as cohorts
cross join (
    select count(*) as buyer_count
    from {{ ref('customer_profile') }}
    where order_count > 0
) as buyers
where coalesce(cohorts.buyer_count, 0) <> buyers.buyer_count
