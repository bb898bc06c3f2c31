select *
from {{ ref('kpi_stage_conversion') }}
where converted_count + open_count > entered_count
    or (conversion_rate is not null and not is_mature)
