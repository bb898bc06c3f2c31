select
    customer_numbers.customer_number,
    coalesce(customer_origins.acquisition_channel, 'unknown') as acquisition_channel,
    coalesce(customer_persons.country, 'unknown') as country,
    case when customer_persons.is_business then 'business' else 'consumer' end as customer_type,
from {{ ref('customer_numbers') }} as customer_numbers
left join {{ ref('customer_origins') }} as customer_origins
    on customer_origins.customer_id = customer_numbers.customer_id
left join {{ ref('customer_persons') }} as customer_persons
    on customer_persons.customer_id = customer_numbers.customer_id
