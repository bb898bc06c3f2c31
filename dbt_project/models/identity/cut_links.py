"""One row per admitted link that is cut because it would join what must stay apart, with the reason."""


def model(dbt, session):
    from ingestion.identifiers.tables import cut_table

    dbt.config(materialized="table")
    return cut_table(
        identifiers=dbt.ref("contested_identifiers"),
        links=dbt.ref("admitted_links"),
        apart=dbt.ref("never_linked_pairs"),
        limits=dbt.ref("identifier_limits"),
    )
