with

delivered as (

    {{ version_as_of(staged('crm_orders'), clock='ordered_at') }}

),

known as (

    select
        * replace (
            {{ known_by_as_of('cancelled_at') }} as cancelled_at,
            {{ known_by_as_of('updated_at') }} as updated_at,
            case
                when status = 'cancelled' and cancelled_at >= {{ as_of_end() }} then 'paid' else status
            end as status,
            coalesce(is_test, false) as is_test
        ),
        {{ business_date('ordered_at') }} as ordered_on,
        case
            when status = 'refunded' then coalesce(refunded_amount, net_amount) else coalesce(refunded_amount, 0)
        end as paid_back_amount,
    from delivered
    where ordered_at < {{ as_of_end() }}

),

-- A refund overwrites the status: whether the order was fulfilled before is told by its versions. Monthly exports show
-- many orders for the first time when they are refunded; these say nothing about it and stay purchases.
never_fulfilled as (

    select record_key
    from (
        {{ deliveries(staged('crm_orders'), 'coalesce(updated_at, ordered_at) < ' ~ as_of_end()) }}
    ) as versions
    group by record_key
    having bool_or(status in ('pending', 'paid')) and not bool_or(status = 'fulfilled')

)

select
    record_key,
    source,
    {{ best_identifier_key(['contact_id', 'user_id', 'loyalty_id', 'email', 'anonymous_id']) }} as identifier_key,
    order_id,
    contact_id,
    email,
    user_id,
    anonymous_id,
    loyalty_id,
    ordered_at,
    ordered_on,
    cancelled_at,
    updated_at,
    status,
    channel,
    coupon_code,
    campaign,
    {%- for amount in ['net', 'tax', 'shipping', 'discount', 'cost', 'refunded'] %}
    {{ in_reporting_currency(amount ~ '_amount') }} as {{ amount }}_amount,
    {%- endfor %}
    {{ in_reporting_currency('net_amount') }} - {{ in_reporting_currency('paid_back_amount') }} as revenue_amount,
    {{ in_reporting_currency('net_amount') }} - {{ in_reporting_currency('paid_back_amount') }}
    - {{ in_reporting_currency('cost_amount') }} as contribution_amount,
    {%- for amount in ['net', 'tax', 'shipping', 'discount', 'cost', 'refunded'] %}
    {{ amount }}_amount as {{ amount }}_amount_original,
    {%- endfor %}
    known.currency,
    exchange_rates.rate as exchange_rate,
    is_test,
    status in ('paid', 'fulfilled', 'refunded')
    and not is_test
    and cancelled_at is null
    and (
        paid_back_amount < net_amount
        or paid_back_amount = 0
        or record_key not in (select record_key from never_fulfilled)
    ) as is_purchase,
    known.load_seq,
    first_load_seq
from known
{{ join_exchange_rate('known', 'known.ordered_at') }}
where exchange_rates.rate is not null
