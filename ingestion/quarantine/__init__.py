"""The quarantine after delivery: what lies in it, and what people decide about it.

Belongs here: the books of decisions, finding and showing quarantined rows, releasing and discarding them. Which rows
get in is decided where they are read (`ingestion/files/values.py`, `ingestion/sources/promotion.py`); released rows are
judged again by the same rules (`ingestion/files/release.py`).
"""
