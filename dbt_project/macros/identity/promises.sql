{#-
    Identifiers about which and another one somebody decided before anybody had seen the other: the decision holds from
    now on. Reads `named`, the identifiers of changed rows, and `evidence_groups`, those that were known.
-#}
{% macro ends_promised() -%}
    with

    ends as (

        select left_key as identifier_key, right_key as other_key from {{ ref('overrides') }}
        union all
        select right_key, left_key from {{ ref('overrides') }}

    ),

    concerned as (

        select * from ends
        where identifier_key in (select identifier_key from named where identifier_key is not null)

    )

    select
        other_key as identifier_key,
        true as is_structural,
    from concerned
    where identifier_key not in (
        select identifier_key from evidence_groups
        where identifier_key in (select identifier_key from concerned)
    )
{%- endmacro %}
