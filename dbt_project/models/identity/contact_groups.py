"""One row per contested identifier: itself or, for contacts merged by their source, the oldest of the merged."""


def model(dbt, session):
    from ingestion.identifiers.tables import component_table

    dbt.config(materialized="table")
    links = dbt.ref("contested_links").filter("is_same_record")
    return component_table(dbt.ref("contested_identifiers"), links)
