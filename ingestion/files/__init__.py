"""The file inbox: files anybody puts under `<domain>/<entity>/` become typed rows of `raw_files`.

Here: finding files, reading CSV, JSON Lines and Parquet by the contract, quarantining bad rows, remembering loads.
Not here: what a column is (`ingestion/contract/`), the tables themselves (`ingestion/raw.py`), and everything that
resolves versions, duplicates or identities (dbt, from staging on).
"""
