"""One row per contested identifier: the group its sources themselves join it into, by strong identifiers only."""


def model(dbt, session):
    from ingestion.identifiers.tables import component_table

    dbt.config(materialized="table")
    links = dbt.ref("strong_links")
    return component_table(dbt.ref("contested_identifiers"), links)
