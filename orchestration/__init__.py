"""Dagster definitions, publication and the command line: what runs when, and who may see the result.

Belongs here: assets by layer, checks, jobs, schedules, the instance, publishing generations, the `lifecycle` command.
Does not belong here: reading sources (`ingestion/`), transformations (`dbt_project/`), what is checked (`quality/`).
"""
