"""A local server that speaks the vendors' protocols, so that the real connectors can be run and tested without them.

`store.py` holds the records of all vendors and the time they are seen at; one module per vendor speaks its protocol
over the store; `faults.py` plays failures; `web.py` is the HTTP server. What the sample company's records look like at
a vendor is decided in `company/`. Nothing here is imported by a connector.
"""
