"""One row per pair of contacts that are probably one person; no row while proposals are switched off."""


def model(dbt, session):
    from ingestion.matching.scoring import contact_match_table
    from ingestion.settings import load_settings

    dbt.config(materialized="table")
    contacts = dbt.ref("crm_contacts")
    return contact_match_table(contacts, load_settings(), float(dbt.config.get("minimum_probability")))
