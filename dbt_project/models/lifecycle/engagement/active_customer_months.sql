select
    business_months.month_start,
    customer_periods.customer_id,
from {{ ref('customer_periods') }} as customer_periods
join {{ ref('business_months') }} as business_months
    on customer_periods.started_at < {{ start_of_business_date('business_months.next_month_start') }}
    and coalesce(customer_periods.lost_at, {{ as_of_end() }})
        > {{ start_of_business_date('business_months.month_start') }}
group by all
