{#- The model has as many rows as `compare_to`; `where` and `compare_where` narrow the two sides. -#}
{% test row_counts_agree(model, compare_to, where='true', compare_where='true') %}
with

counts as (

    select
        (select count(*) from {{ model }} where {{ where }}) as row_count,
        (select count(*) from {{ compare_to }} where {{ compare_where }}) as expected_count

)

select *
from counts
where row_count <> expected_count
{% endtest %}
