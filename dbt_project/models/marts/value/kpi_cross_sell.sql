with

customer_categories as (

    select * from {{ ref('customer_categories') }}

),

category_sizes as (

    select
        category,
        count(*) as customer_count,
    from customer_categories
    group by category

),

buyers as (

    select count(distinct customer_id) as buyer_count
    from customer_categories

),

pairs as (

    select
        bought.category,
        other.category as other_category,
        count(*) as customers_with_both_count,
        count(*) filter (where bought.first_bought_at < other.first_bought_at) as customers_in_order_count,
        median({{ days_between('bought.first_bought_at', 'other.first_bought_at') }})
            filter (where bought.first_bought_at < other.first_bought_at) as median_days_between,
    from customer_categories as bought
    join customer_categories as other
        on other.customer_id = bought.customer_id
        and other.category <> bought.category
    group by bought.category, other.category

)

select
    pairs.category,
    pairs.other_category,
    category_sizes.customer_count::integer as category_customer_count,
    other_sizes.customer_count::integer as other_category_customer_count,
    buyers.buyer_count::integer as buyer_count,
    pairs.customers_with_both_count::integer as customers_with_both_count,
    pairs.customers_with_both_count / nullif(category_sizes.customer_count, 0) as both_rate,
    pairs.customers_with_both_count * buyers.buyer_count
    / nullif(category_sizes.customer_count * other_sizes.customer_count, 0) as lift,
    pairs.customers_in_order_count::integer as customers_in_order_count,
    pairs.median_days_between,
    {{ as_of() }} as as_of,
from pairs
cross join buyers
join category_sizes on category_sizes.category = pairs.category
join category_sizes as other_sizes on other_sizes.category = pairs.other_category
