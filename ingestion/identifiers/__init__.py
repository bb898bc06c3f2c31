"""Identifiers in their one normal form: pure functions from a text to a text, without any database.

Which values are blocked or shared, what links to what, and who is who are decided in `dbt_project/` (models and seeds
of identity); here is only what SQL cannot do: domains in other alphabets and the phone formats of all countries.
"""

from ingestion.identifiers.email import mixes_alphabets, normalise_email
from ingestion.identifiers.phone import normalise_phone

__all__ = ["mixes_alphabets", "normalise_email", "normalise_phone"]
