"""One row per contact that its source has merged, over however many others, into itself."""


def model(dbt, session):
    from ingestion.identifiers.tables import cycle_table

    dbt.config(materialized="table")
    return cycle_table(dbt.ref("contact_merges"))
