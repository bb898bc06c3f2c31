"""`lifecycle doctor`: is this machine, this installation and this data directory fit for the next run?

Belongs here: one function per thing that can be wrong, each saying what was found and what to do. Nothing is changed or
mended, and nothing is said about the data itself: that is the gates' business (`quality/`).
"""
