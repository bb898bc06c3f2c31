{#-
    Values as vendors deliver them, in the types of the contract. Their forms were checked when they were loaded, so
    the casts cannot fail.
-#}

{#- An instant written as text with an offset (without one: UTC), as naive UTC. -#}
{% macro utc(column) -%}
    cast(cast({{ column }} as timestamptz) as timestamp)
{%- endmacro %}

{#- An instant as seconds since 1970, as naive UTC. -#}
{% macro utc_of_seconds(column) -%}
    cast(to_timestamp({{ column }}) as timestamp)
{%- endmacro %}

{#- Sum of the amounts a JSON path finds, 0 when it finds none. -#}
{% macro sum_of_members(json_column, path) -%}
    coalesce(list_sum(cast(json_extract_string({{ json_column }}, '{{ path }}') as decimal(18, 4)[])), 0)
{%- endmacro %}

{#- Minor units of a currency in one major unit; most have 100, these lists are the exceptions of payment providers. -#}
{% macro minor_units(currency) -%}
    case
        when upper({{ currency }}) in (
            'BIF', 'CLP', 'DJF', 'GNF', 'JPY', 'KMF', 'KRW', 'MGA', 'PYG', 'RWF', 'VND', 'VUV', 'XAF', 'XOF', 'XPF'
        ) then 1
        when upper({{ currency }}) in ('BHD', 'JOD', 'KWD', 'OMR', 'TND') then 1000
        else 100
    end
{%- endmacro %}

{#- Monthly amount of a subscription's item, in major units; a year has 12 months, 365 days and 52 weeks. -#}
{% macro monthly_amount(item, currency) -%}
    cast({{ item }} ->> '$.price.unit_amount_decimal' as decimal(24, 6))
    * coalesce(cast({{ item }} ->> 'quantity' as bigint), 1)
    / {{ minor_units(currency) }}
    * case {{ item }} ->> '$.price.recurring.interval'
        when 'day' then 365 / 12
        when 'week' then 52 / 12
        when 'month' then 1
        when 'year' then 1 / 12
    end
    / cast({{ item }} ->> '$.price.recurring.interval_count' as bigint)
{%- endmacro %}
