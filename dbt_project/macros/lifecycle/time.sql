{#- Arithmetic with instants. What an engine spells differently stands here, so that models need no engine's words. -#}

{#- The instant `days` whole days after `instant`. A day is 24 hours: a threshold is a duration, not a calendar date. -#}
{% macro add_days(instant, days) -%} {{ return(adapter.dispatch('add_days')(instant, days)) }} {%- endmacro %}

{% macro default__add_days(instant, days) -%} ({{ instant }} + interval '1' day * ({{ days }})) {%- endmacro %}

{% macro duckdb__add_days(instant, days) -%} ({{ instant }} + to_days(({{ days }})::integer)) {%- endmacro %}

{#- Days with their fraction between two instants. -#}
{% macro days_between(earlier, later) -%} {{ return(adapter.dispatch('days_between')(earlier, later)) }} {%- endmacro %}

{% macro default__days_between(earlier, later) -%}
    (extract(epoch from ({{ later }})) - extract(epoch from ({{ earlier }}))) / 86400.0
{%- endmacro %}

{% macro duckdb__days_between(earlier, later) -%}
    ((epoch_us({{ later }}) - epoch_us({{ earlier }})) / 86400000000.0)
{%- endmacro %}

{#- Seconds between two instants, to the nearest one. -#}
{% macro seconds_between(earlier, later) -%}
    round({{ days_between(earlier, later) }} * 86400)::integer
{%- endmacro %}

{#- Whole days that have passed between two instants. -#}
{% macro whole_days_between(earlier, later) -%}
    floor({{ days_between(earlier, later) }})::integer
{%- endmacro %}

{#- The weight of something that happened at `earlier`, seen at `later`, when it halves every `half_life` days. -#}
{% macro decay(earlier, later, half_life) -%}
    pow(2, -{{ days_between(earlier, later) }} / {{ half_life }})
{%- endmacro %}

{#-
    Number of a month, counted continuously over years, for differences in months.
-#}
{% macro month_number(month) -%} (year({{ month }}) * 12 + month({{ month }})) {%- endmacro %}

{#- Months that have passed in full between two instants, counted by the calendar. -#}
{% macro full_months_between(earlier, later) -%}
    (
        {{ month_number(later) }} - {{ month_number(earlier) }} - case
            when {{ earlier }} + interval '1' month * ({{ month_number(later) }} - {{ month_number(earlier) }})
                > {{ later }} then 1
            else 0
        end
    )
{%- endmacro %}

{#- The ISO week of a day, for example 2024-W26. It belongs to the year most of its days lie in. -#}
{% macro iso_week(day) -%} {{ return(adapter.dispatch('iso_week')(day)) }} {%- endmacro %}

{% macro default__iso_week(day) -%} to_char({{ day }}, 'IYYY-"W"IW') {%- endmacro %}

{% macro duckdb__iso_week(day) -%} strftime({{ day }}, '%G-W%V') {%- endmacro %}

{#- Whether the week (from Monday) or month in which a day lies is over at as_of. -#}
{% macro is_period_complete(period, day) -%}
    (date_trunc('{{ period }}', {{ day }}) + interval '1' {{ period }})::date <= {{ as_of() }} + 1
{%- endmacro %}
