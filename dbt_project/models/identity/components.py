"""One row per contested identifier: the person it belongs to, named by the number of the person's oldest identifier."""


def model(dbt, session):
    from ingestion.identifiers.tables import component_table

    dbt.config(materialized="table")
    links = dbt.ref("kept_links")
    return component_table(dbt.ref("contested_identifiers"), links)
