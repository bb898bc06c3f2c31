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

{#-
    The kind of an advertising click identifier, for example gclid: its value belongs to one click only. It stands
    before a colon in `click_id` or names a parameter of the landing page; an identifier alone does not tell its kind.
-#}
{% macro click_id_kind(click_id, page_url) -%}
    lower(coalesce(
        nullif(regexp_extract({{ click_id }}, '^([A-Za-z_]+):', 1), ''),
        case when contains({{ page_url }}, '?') then
            nullif(regexp_extract({{ page_url }}, '[?&]([a-z]*(?:clid|clkid|braid)|li_fat_id)=[^&#]', 1, 'i'), '')
        end
    ))
{%- endmacro %}
