"""The sample company as the vendors see it: who of its people is in which system, under which number.

`deliveries.py` reads the company's files; each other module puts one vendor's records into the store. The same people
appear everywhere under different numbers, with the part of the truth that system would know.
"""
