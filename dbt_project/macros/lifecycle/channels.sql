{#-
    Where a visit came from, in the two spellings the channel rules need. Both macros are used where the rules are
    applied and where their result is looked up, so that the two can never disagree.
-#}

{#- The host of the page before; null within the own site. -#}
{% macro referrer_host(referrer, page_url) -%}
    case
        when split_part({{ referrer }}, '/', 3) <> split_part(coalesce({{ page_url }}, ''), '/', 3)
            then lower(split_part({{ referrer }}, '/', 3))
    end
{%- endmacro %}

{#- The kind of an advertising click identifier, for example gclid: its value belongs to one click only. -#}
{% macro click_id_kind(click_id) -%}
    lower(regexp_extract({{ click_id }}, '^[A-Za-z_]+'))
{%- endmacro %}
