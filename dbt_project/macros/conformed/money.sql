{#-
    Conversion to the reporting currency. A rate holds from its day until the next one of the same currency; a row is
    converted with the rate that held on its business date. Rates are decimals, so that a sum in the reporting currency
    itself is exact to the last digit. An amount without a rate is null here, never taken as if the rate were one.
-#}
{% macro in_reporting_currency(amount, rate='exchange_rates.rate') -%}
    ({{ amount }} * {{ rate }})::decimal(18, 2)
{%- endmacro %}

{#- The join to the rate in force at the UTC time `happened_at` of a row of `relation`. -#}
{% macro join_exchange_rate(relation, happened_at) -%}
    asof left join {{ ref('exchange_rates') }} as exchange_rates
        on exchange_rates.currency = {{ relation }}.currency
        and exchange_rates.starts_at <= {{ happened_at }}
{%- endmacro %}

{#- Why an amount cannot be told in the reporting currency. -#}
{% macro why_unpriced(currency) -%}
    case
        when {{ currency }} is null then 'the amount has no currency'
        else 'no exchange rate on or before the business date'
    end
{%- endmacro %}
