select
    model,
    stage,
    parent,
    stage_order,
    is_optional,
    label_en,
    label_de,
    description,
    {{ as_of() }} as as_of,
from {{ ref('stage_catalogue') }}
where model in ({{ text_list(var('lifecycle_models')) }})
