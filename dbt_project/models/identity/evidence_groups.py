"""One row per identifier with the oldest identifier that any links, believed or not, join it to."""


def model(dbt, session):
    from ingestion.identifiers.tables import component_table

    dbt.config(materialized="table")
    links = dbt.ref("links")
    return component_table(dbt.ref("identifiers"), links)
