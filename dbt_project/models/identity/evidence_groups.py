"""One row per identifier with the oldest identifier that any links join it to, and whether any of them is in doubt."""


def model(dbt, session):
    from ingestion.identifiers.tables import evidence_table

    dbt.config(materialized="table")
    return evidence_table(
        identifiers=dbt.ref("identifiers"),
        links=dbt.ref("links"),
        apart=dbt.ref("never_linked_pairs"),
        limits=dbt.ref("identifier_limits"),
    )
