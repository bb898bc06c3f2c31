"""Connectors: records pulled from vendors' APIs into `raw_<vendor>`, in the vendor's own shape.

What every connector shares stands here: `model.py` (the words a connector is declared in), `client.py` (HTTP: hosts,
retries, limits), `paging.py`, `reading.py` (cursor, required fields), `landing.py` (dlt: pages and cursor into the
warehouse, all or nothing), `promotion.py` (landed records into their raw table or into quarantine), `loading.py` (the
front door) and `registry.py`. A vendor's folder says only what is its own. Mapping to the contract belongs to dbt's
staging models; files people bring belong to `ingestion/files/`.
"""
