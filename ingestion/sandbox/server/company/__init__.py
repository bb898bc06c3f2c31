"""The sample company as the vendors see it: who of its people is in which system, under which number.

`deliveries.py` reads the vendor's share of the company's rows, which `ingestion/sandbox/division.py` decides on; each
other module puts one vendor's records into the store or writes its files. The same people appear everywhere under
different numbers, with the part of the truth that system would know.
"""
