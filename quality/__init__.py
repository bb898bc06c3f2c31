"""The quality gates: what must be true at each border of the pipeline, how it is checked, and what was found.

Here live the checks as data (`suites/`), the adapter that lets Great Expectations judge them inside DuckDB
(`adapter/`), the gates that run them (`gates.py`), the memory of their verdicts (`verdicts.py`) and the page people
read (`docs.py`). Nothing here imports dagster: assets, blocking checks and the publication live in `orchestration/`.
Tests of single dbt models (keys, unit tests) stand beside the models in `dbt_project/`.
"""
