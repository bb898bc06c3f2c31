select '{{ var("attribution_reference_model") }}' as attribution_reference_model
where '{{ var("attribution_reference_model") }}' not in ({{ text_list(attribution_models()) }})
