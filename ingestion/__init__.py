"""Everything that brings data into the warehouse: the contract, the file inbox, the connectors, the sample company.

Belongs here: reading the outside world and writing `raw_*`, `quarantine` and `ops.loads`.
Does not belong here: transformations (`dbt_project/`), checks (`quality/`), scheduling (`orchestration/`).
This package never imports dagster.
"""
